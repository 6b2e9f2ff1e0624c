import { AwsCallError } from '../../aws/errors.ts';
import { type AwsAccount, type AwsAccountSpec, type AwsAccountStatus, targetOf } from '../../reconcile/account.ts';
import { allowsNamespace } from '../../reconcile/consent.ts';
import { expectedFailure } from '../../reconcile/expected-failure.ts';
import type { KindReport } from '../../reconcile/kind.ts';
import { Memory } from '../../reconcile/memory.ts';
import { hasFinalizer, ObjectWriter } from '../../reconcile/object-writer.ts';
import { outcomeOf } from '../../reconcile/outcome-of.ts';
import type { ReconcilerServices } from '../../reconcile/reconciler.ts';
import { stalledNote } from '../../reconcile/stalled-note.ts';
import { type Standing, standingOf } from '../../reconcile/standing.ts';
import { sameJson, statusOf } from '../../reconcile/status.ts';
import type { EcsObject } from '../../reconcile/types.ts';
import type { ObjectKey } from '../../runtime/object-key.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import type { Store } from '../../runtime/store.ts';
import { awsAccountType } from './type.ts';

/** Anything else would be remembered for good, as the account in which everything was made. */
const ACCOUNT_ID = /^\d{12}$/;

/** What STS said about an account. */
interface Caller {
  readonly accountId: string;
  readonly callerArn: string;
}

export interface AccountReconcilerOptions {
  readonly store: Store<AwsAccount>;
  readonly services: ReconcilerServices;
  /** Objects that use an account. */
  usersOf(account: string): Iterable<{ readonly kind: string; readonly object: EcsObject }>;
}

/**
 * Finds out whether an AwsAccount is what it says: asks STS who its credentials are. Nothing else is called in an
 * account before that was answered. An account in use is not let go.
 */
export class AccountReconciler {
  readonly #options: AccountReconcilerOptions;
  readonly #writer: ObjectWriter<AwsAccountSpec, AwsAccountStatus>;
  readonly #memory: Memory;

  constructor(options: AccountReconcilerOptions) {
    this.#options = options;
    this.#memory = new Memory(options.services.clock);
    this.#writer = new ObjectWriter({
      client: options.services.client,
      store: options.store,
      type: awsAccountType,
    });
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.#reconcile(key, signal);
    } catch (error) {
      const failure = expectedFailure(error);
      if (failure !== undefined) return failure;
      throw error;
    }
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<Outcome> {
    const account = this.#options.store.get(key);
    if (account === undefined) {
      this.#memory.forget(key);
      return { type: 'settled' };
    }
    this.#memory.meet(key, account.metadata);
    if (account.metadata.deletionTimestamp !== undefined) return this.#deleting(account, key, signal);
    // Read-only, nothing is put on it that would have to be taken off again.
    const kept = hasFinalizer(account) || this.#options.services.readOnly;
    const finalized = kept ? account : await this.#writer.addFinalizer(account, signal);
    const asked = await this.#ask(finalized, signal);
    if (!('caller' in asked)) return this.#settle({ account: finalized, key, signal, ...asked });
    const { caller } = asked;
    const wanted = finalized.spec.accountId;
    if (wanted !== undefined && wanted !== caller.accountId) {
      const message = `the credentials belong to account ${caller.accountId} (${caller.callerArn}), but spec.accountId is ${wanted}; correct one of the two`;
      const standing: Standing = { type: 'stalled', problem: { reason: 'AccountMismatch', message } };
      return this.#settle({ account: finalized, key, signal, standing, caller });
    }
    return this.#settle({ account: finalized, key, signal, standing: { type: 'inSync' }, caller });
  }

  async #ask(
    account: AwsAccount,
    signal: AbortSignal,
  ): Promise<{ readonly caller: Caller } | { readonly standing: Standing }> {
    const { services } = this.#options;
    const aws = services.session(targetOf(account.spec, services.own), 'user', signal);
    try {
      const { Account: accountId = '', Arn: callerArn = '' } = await aws.call('sts.GetCallerIdentity', {});
      if (ACCOUNT_ID.test(accountId) && callerArn !== '') return { caller: { accountId, callerArn } };
      const problem = { reason: 'AwsUnavailable', message: 'STS answered GetCallerIdentity without an account' };
      return { standing: { type: 'failed', problem, error: new Error(problem.message), reading: true } };
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      return { standing: standingOf(error, true) };
    }
  }

  async #deleting(account: AwsAccount, key: ObjectKey, signal: AbortSignal): Promise<Outcome> {
    if (!hasFinalizer(account)) return { type: 'settled' };
    const users: string[] = [];
    for (const { kind, object } of this.#options.usersOf(account.metadata.name)) {
      if (!this.#isUser(object, account)) continue;
      if (users.length === 5) {
        users.push('others');
        break;
      }
      users.push(`${kind} ${object.metadata.namespace}/${object.metadata.name}`);
    }
    if (users.length > 0) {
      const problem = { reason: 'InUse', message: `still used by ${users.join(', ')}` };
      return this.#settle({ account, key, signal, standing: { type: 'waiting', problem } });
    }
    await this.#writer.removeFinalizer(account, signal);
    return { type: 'settled' };
  }

  /** One that was never allowed to use it, and never did, holds nothing up. */
  #isUser({ metadata, status }: EcsObject, account: AwsAccount): boolean {
    if (status?.account?.name === account.metadata.name) return true;
    const namespace = metadata.namespace ?? '';
    return allowsNamespace(account.spec.allowedNamespaces, namespace, this.#options.services.view.namespace(namespace));
  }

  async #settle(ending: {
    readonly account: AwsAccount;
    readonly key: ObjectKey;
    readonly signal: AbortSignal;
    readonly standing: Standing;
    readonly caller?: Caller;
  }): Promise<Outcome> {
    const { account, key, standing, caller } = ending;
    const { services } = this.#options;
    const inARow = this.#memory.ended(key, standing.type);
    const fields: KindReport<AwsAccountStatus>['fields'] = { ...caller };
    const status = statusOf<AwsAccountSpec, AwsAccountStatus>({
      object: account,
      standing,
      failures: standing.type === 'failed' ? inARow : 0,
      ownTypes: [],
      prepared: undefined,
      seen:
        caller === undefined
          ? undefined
          : { report: { fields, conditions: [] }, plan: { reported: [] }, arn: undefined },
      applied: undefined,
      ownerUid: undefined,
      now: services.clock.now(),
    });
    if (!sameJson(status, account.status)) {
      const note = stalledNote(account.status, status);
      if (note !== undefined) services.event(account, note);
      await this.#writer.writeStatus(account, status, { exact: false, signal: ending.signal });
    }
    if (this.#options.store.get(key)?.metadata.uid === account.metadata.uid) {
      services.conditions('AwsAccount', account, status.conditions);
    }
    return outcomeOf(standing, { pollMs: undefined, inARow });
  }
}
