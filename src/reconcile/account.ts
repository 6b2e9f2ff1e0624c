import type { KubeObject } from '../kube/object.ts';
import { ACCOUNT_ANNOTATION } from './annotations.ts';
import { allowsNamespace } from './consent.ts';
import { matchesGlob } from './glob.ts';
import type { Problem, ResolvedAccount } from './kind.ts';
import type { CommonStatus, EcsObject, OwnSpec } from './types.ts';

/** The spec of an AwsAccount. What it does not grant is not allowed. */
export interface AwsAccountSpec extends OwnSpec {
  readonly region: string;
  readonly accountId?: string;
  readonly endpoint?: string;
  readonly assumeRole?: { readonly roleArn: string; readonly externalId?: string };
  /** Role ARNs, `*` stands for anything. */
  readonly passRoleArns?: readonly string[];
  /** Names or ARNs of clusters that may be named without a reference, `*` stands for anything. */
  readonly clusters?: readonly string[];
  /** With `{namespace}` and `{name}`. Default `{name}`. */
  readonly nameTemplate?: string;
}

export interface AwsAccountStatus extends CommonStatus {
  readonly accountId?: string;
  readonly callerArn?: string;
}

export type AwsAccount = EcsObject<AwsAccountSpec, AwsAccountStatus>;

/** The AwsAccount for objects that name none, where there is one of this name. */
export const DEFAULT_ACCOUNT = 'default';

/** The operator's own identity, for objects without an AwsAccount. */
export interface OwnIdentity {
  /** Undefined when no region is configured: then only AwsAccounts can be used. */
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  /** Patterns of the namespaces that may use it. */
  readonly namespaces: readonly string[];
}

/** What resolving an account needs to know of the cluster. */
export interface AccountSources {
  readonly own: OwnIdentity;
  account(name: string): AwsAccount | undefined;
  namespace(name: string): KubeObject | undefined;
}

/** An account with what it grants; `spec` is undefined for the operator's own identity, which grants everything. */
export interface GrantingAccount extends ResolvedAccount {
  readonly object: AwsAccount | undefined;
}

export type AccountResolution =
  | { readonly type: 'resolved'; readonly account: GrantingAccount }
  /** Comes right by itself, when the AwsAccount does. */
  | { readonly type: 'waiting'; readonly problem: Problem }
  | { readonly type: 'refused'; readonly problem: Problem };

/**
 * The name of the AwsAccount that an object uses: its own `accountRef`, else its namespace's annotation, else
 * `default` where there is one.
 */
export function accountNameOf(
  object: EcsObject,
  sources: Pick<AccountSources, 'account' | 'namespace'>,
): string | undefined {
  const explicit = object.spec.accountRef?.name;
  if (explicit !== undefined) return explicit;
  return (
    annotatedAccount(sources.namespace(object.metadata.namespace ?? '')) ??
    (sources.account(DEFAULT_ACCOUNT) === undefined ? undefined : DEFAULT_ACCOUNT)
  );
}

/** The name of the AwsAccount that a namespace gives to its objects, if it gives one. */
export function annotatedAccount(namespace: KubeObject | undefined): string | undefined {
  return namespace?.metadata.annotations?.[ACCOUNT_ANNOTATION] || undefined;
}

/** Finds the account of an object and checks that its namespace may use it; no AWS call is made before this. */
export function resolveAccount(object: EcsObject, sources: AccountSources): AccountResolution {
  const namespace = object.metadata.namespace ?? '';
  const frozen = object.status?.account;
  const unseen = object.spec.accountRef === undefined && sources.namespace(namespace) === undefined;
  if (unseen && frozen === undefined) {
    // Its annotation may name an account: anything made before it is known could be made in the wrong one.
    return waiting('NamespaceUnknown', `Namespace ${namespace} has not been seen yet, and may name an AwsAccount`);
  }
  const name = unseen ? frozen?.name : accountNameOf(object, sources);
  const resolution = name === undefined ? ownIdentity(namespace, sources.own) : named(name, object, sources);
  return resolution.type === 'resolved' ? unchanged(object, resolution) : resolution;
}

function ownIdentity(namespace: string, own: OwnIdentity): AccountResolution {
  if (!own.namespaces.some((pattern) => matchesGlob(pattern, namespace))) {
    return refused(
      'AccountNotPermitted',
      `namespace ${namespace} names no AwsAccount and may not use the operator's own identity (--default-account-namespaces); set spec.accountRef or annotate the namespace with ${ACCOUNT_ANNOTATION}`,
    );
  }
  if (own.region === undefined) {
    return refused(
      'NoRegion',
      'no AwsAccount is named and the operator has no region of its own; create an AwsAccount called default, or start the operator with --region',
    );
  }
  return {
    type: 'resolved',
    account: {
      name: undefined,
      accountId: undefined,
      target: { region: own.region, ...(own.endpoint === undefined ? {} : { endpoint: own.endpoint }) },
      object: undefined,
    },
  };
}

function named(name: string, object: EcsObject, sources: AccountSources): AccountResolution {
  const namespace = object.metadata.namespace ?? '';
  const account = sources.account(name);
  if (account === undefined) return waiting('AccountNotFound', `AwsAccount ${name} does not exist`);
  if (!allowsNamespace(account.spec.allowedNamespaces, namespace, sources.namespace(namespace))) {
    return refused(
      'AccountNotPermitted',
      `AwsAccount ${name} does not allow namespace ${namespace}; add it to spec.allowedNamespaces of the AwsAccount`,
    );
  }
  const ready = account.status?.conditions?.find((condition) => condition.type === 'Ready');
  const verified = ready?.status === 'True' || (isDeleted(object) && isHeldByUsers(account));
  if (!verified || ready?.observedGeneration !== account.metadata.generation) {
    const why = ready?.message ? `: ${ready.message}` : '';
    return waiting('AccountNotReady', `AwsAccount ${name} is not ready${why}`);
  }
  return {
    type: 'resolved',
    account: {
      name,
      accountId: account.status?.accountId,
      target: targetOf(account.spec, sources.own),
      object: account,
    },
  };
}

/** An account on its way out waits for its users: they still use it for their own way out, or both would wait. */
function isHeldByUsers({ metadata, spec, status }: AwsAccount): boolean {
  if (metadata.deletionTimestamp === undefined || status?.accountId === undefined) return false;
  return spec.accountId === undefined || spec.accountId === status.accountId;
}

function isDeleted({ metadata }: EcsObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Where and as whom calls for an AwsAccount are made. */
export function targetOf(spec: AwsAccountSpec, own: Pick<OwnIdentity, 'endpoint'>): ResolvedAccount['target'] {
  const endpoint = spec.endpoint ?? own.endpoint;
  return {
    region: spec.region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(spec.assumeRole === undefined ? {} : { roleArn: spec.assumeRole.roleArn }),
    ...(spec.assumeRole?.externalId === undefined ? {} : { externalId: spec.assumeRole.externalId }),
  };
}

/** What status remembers of an account. */
export function accountStatus({ name, accountId, target }: ResolvedAccount): NonNullable<CommonStatus['account']> {
  return {
    region: target.region,
    ...(name === undefined ? {} : { name }),
    ...(accountId === undefined ? {} : { accountId }),
  };
}

/** An object that moves to another account or region would leave its resource behind: refused. */
function unchanged(object: EcsObject, resolution: AccountResolution & { type: 'resolved' }): AccountResolution {
  const frozen = object.status?.account;
  if (frozen === undefined || object.status?.applied === undefined) return resolution;
  const { account } = resolution;
  const regionMoved = frozen.region !== undefined && frozen.region !== account.target.region;
  // What was made with the operator's own identity, whose account nobody asked for, tells it by its ARN.
  const madeIn = frozen.accountId ?? accountIdOf(object.status.arn);
  const idMoved =
    madeIn !== undefined &&
    (account.accountId === undefined ? frozen.name !== account.name : madeIn !== account.accountId);
  if (!regionMoved && !idMoved) return resolution;
  return refused(
    'AccountChanged',
    `made in ${where(madeIn, frozen.region)}, but now ${whose(account)} would be used; go back, or delete this object and create it again`,
  );
}

/** `arn:aws:ecs:eu-central-1:123456789012:cluster/prod` → `123456789012`. */
function accountIdOf(arn: string | undefined): string | undefined {
  const id = arn?.split(':')[4];
  return id === '' ? undefined : id;
}

function whose({ name, accountId, target }: GrantingAccount): string {
  const identity = name === undefined ? "the operator's own identity" : `AwsAccount ${name}`;
  return `${identity} (${where(accountId, target.region)})`;
}

function where(accountId: string | undefined, region: string | undefined): string {
  return `${accountId === undefined ? '' : `account ${accountId}, `}region ${region ?? 'unknown'}`;
}

function refused(reason: string, message: string): AccountResolution {
  return { type: 'refused', problem: { reason, message } };
}

function waiting(reason: string, message: string): AccountResolution {
  return { type: 'waiting', problem: { reason, message } };
}
