import type { Memory } from './memory.ts';
import type { Preparation } from './prepare.ts';
import type { LinkKey } from './references.ts';
import type { EcsObject } from './types.ts';

/** What the caches say of an object, and whom to ask whether they have come so far. */
interface AccountSeenInput<Desired> {
  readonly object: EcsObject;
  readonly link: LinkKey;
  readonly preparation: Preparation<Desired>;
  readonly memory: Memory;
  /** The AwsAccount for objects of the namespace that name none, asked of the API server. @throws KubeApiError */
  assignedAccount(namespace: string): Promise<string | undefined>;
}

/**
 * The watches of AwsAccounts and Namespaces may lag behind that of the objects which were applied after them: before
 * anything is made for an object that does not name its account itself, the API server has to say which that is.
 * @returns the preparation, or that it has to wait for the caches.
 */
export async function withAccountSeen<Desired>(input: AccountSeenInput<Desired>): Promise<Preparation<Desired>> {
  const { object, link, preparation, memory } = input;
  if (preparation.type === 'blocked' || object.spec.accountRef !== undefined) return preparation;
  if (object.status?.account !== undefined || memory.accountConfirmed(link)) return preparation;
  const { namespace = '' } = object.metadata;
  const assigned = await input.assignedAccount(namespace);
  if (assigned !== preparation.prepared.account.name) {
    const used = assigned === undefined ? 'no AwsAccount' : `AwsAccount ${assigned}`;
    const message = `namespace ${namespace} uses ${used} by now, and the change has not been seen yet`;
    return { type: 'blocked', standing: { type: 'waiting', problem: { reason: 'AccountNotReady', message } } };
  }
  memory.confirmAccount(link);
  return preparation;
}
