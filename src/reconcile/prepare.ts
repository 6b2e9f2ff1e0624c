import { type AccountSources, type GrantingAccount, resolveAccount } from './account.ts';
import { refusedGrant } from './grants.ts';
import type { DesiredBase, Identity, Kind, ObservedBase, ResolvedReference } from './kind.ts';
import { identityOf } from './ownership.ts';
import { type ReferenceSources, rememberedReferences, resolveReferences } from './references.ts';
import { resolveName } from './resource-name.ts';
import type { Standing } from './standing.ts';
import type { CommonStatus, EcsObject, OwnSpec } from './types.ts';

/** All that is known about an object before the first AWS call. */
export interface Prepared<Desired> {
  readonly account: GrantingAccount;
  readonly identity: Identity;
  readonly references: ReadonlyMap<string, ResolvedReference>;
  readonly desired: Desired;
}

export type Preparation<Desired> =
  | { readonly type: 'prepared'; readonly prepared: Prepared<Desired> }
  | { readonly type: 'blocked'; readonly standing: Standing };

export interface PrepareInput<Spec extends OwnSpec, Status extends CommonStatus> {
  readonly object: EcsObject<Spec, Status>;
  readonly installation: string;
  readonly sources: AccountSources & ReferenceSources;
  /** For a deletion targets may be on their way out or gone, and roles need no grant any more. */
  readonly deleting: boolean;
}

/** From the object and the caches alone: its account, what it refers to, what it wants, and whether it may. */
export function prepare<
  Spec extends OwnSpec,
  Status extends CommonStatus,
  Desired extends DesiredBase,
  Observed extends ObservedBase,
  Action extends { readonly type: string },
>(
  kind: Kind<Spec, Status, Desired, Observed, Action>,
  { object, installation, sources, deleting }: PrepareInput<Spec, Status>,
): Preparation<Desired> {
  const resolution = resolveAccount(object, sources);
  if (resolution.type !== 'resolved') return blocked(resolution);
  const { account } = resolution;

  const wanted = kind.references(object.spec);
  const resolved = deleting
    ? ({ type: 'resolved', references: rememberedReferences(object, wanted, sources) } as const)
    : resolveReferences(object, wanted, sources);
  if (resolved.type !== 'resolved') return blocked(resolved);

  const identity = identityOf({ installation, kind: kind.name, metadata: object.metadata });
  const desired = kind.desired({
    object,
    account,
    identity,
    references: resolved.references,
    resolvedName: resolveName({
      object,
      explicit: kind.explicitName(object.spec),
      template: account.object?.spec.nameTemplate,
    }),
  });
  if ('problem' in desired) return blocked({ type: 'refused', problem: desired.problem });

  const requests = deleting ? desired.grants.filter((request) => request.kind === 'cluster') : desired.grants;
  const refused = refusedGrant(requests, account);
  if (refused !== undefined) return blocked({ type: 'refused', problem: refused });
  return { type: 'prepared', prepared: { account, identity, references: resolved.references, desired } };
}

function blocked(resolution: {
  readonly type: 'waiting' | 'refused';
  readonly problem: { readonly reason: string; readonly message: string };
}): Preparation<never> {
  const type = resolution.type === 'waiting' ? 'waiting' : 'stalled';
  return { type: 'blocked', standing: { type, problem: resolution.problem } };
}
