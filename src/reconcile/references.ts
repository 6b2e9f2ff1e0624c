import type { KubeObject } from '../kube/object.ts';
import { type AccountSources, accountNameOf } from './account.ts';
import { allowsNamespace } from './consent.ts';
import type { KindName, Problem, Reference, ResolvedReference } from './kind.ts';
import type { EcsObject } from './types.ts';

/** `<Kind>/<namespace>/<name>`: one object of ours among all kinds. */
export type LinkKey = string & { readonly __linkKey: true };

export function linkKey(kind: string, namespace: string | undefined, name: string): LinkKey {
  // Safe: the brand only says that the text was made here.
  return `${kind}/${namespace ?? ''}/${name}` as LinkKey;
}

/** The key of what a reference in an object of `namespace` points at. */
export function referenceKey(reference: Reference, namespace: string | undefined): LinkKey {
  return linkKey(reference.kind, reference.namespace ?? namespace, reference.name);
}

export interface ReferenceSources extends Pick<AccountSources, 'account'> {
  object(kind: KindName, namespace: string, name: string): EcsObject | undefined;
  namespace(name: string): KubeObject | undefined;
}

export type ReferenceResolution =
  | { readonly type: 'resolved'; readonly references: ReadonlyMap<string, ResolvedReference> }
  | { readonly type: 'waiting'; readonly problem: Problem }
  | { readonly type: 'refused'; readonly problem: Problem };

/**
 * What an object's references pointed at, for its deletion: a target that is on its way out or gone still counts, by
 * what it holds now or by what our own status remembers. References that were never resolved are left out.
 */
export function rememberedReferences(
  object: EcsObject,
  references: readonly Reference[],
  sources: Pick<ReferenceSources, 'object' | 'namespace'>,
): ReadonlyMap<string, ResolvedReference> {
  const remembered = new Map<string, ResolvedReference>();
  for (const reference of references) {
    const namespace = reference.namespace ?? object.metadata.namespace ?? '';
    const target = sources.object(reference.kind, namespace, reference.name);
    const known = object.status?.references?.[reference.path];
    // What this object used goes before what the target has become since; a target that does not consent tells nothing.
    const held = target !== undefined && isUser(object, target, sources) ? target.status : undefined;
    const { arn, name } = known ?? held ?? {};
    if (arn !== undefined && name !== undefined) remembered.set(reference.path, { reference, target, arn, name });
  }
  return remembered;
}

/**
 * Whether an object that refers to `target` counts as its user. One from another namespace does when the target lets
 * it, or once did: anybody else's reference is neither followed nor allowed to hold a deletion up.
 */
export function isUser(dependent: EcsObject, target: EcsObject, sources: Pick<ReferenceSources, 'namespace'>): boolean {
  const from = dependent.metadata.namespace ?? '';
  if (from === target.metadata.namespace) return true;
  if (allowsNamespace(target.spec.allowedNamespaces, from, sources.namespace(from))) return true;
  const arn = target.status?.arn;
  return arn !== undefined && Object.values(dependent.status?.references ?? {}).some((known) => known.arn === arn);
}

/** Resolves every reference of an object, or says what keeps the first one that cannot be used. */
export function resolveReferences(
  object: EcsObject,
  references: readonly Reference[],
  sources: ReferenceSources,
): ReferenceResolution {
  const resolved = new Map<string, ResolvedReference>();
  for (const reference of references) {
    const result = resolveOne(object, reference, sources);
    if (result.type !== 'resolved') return result;
    resolved.set(reference.path, result.resolved);
  }
  return { type: 'resolved', references: resolved };
}

type OneResolution =
  | { readonly type: 'resolved'; readonly resolved: ResolvedReference }
  | { readonly type: 'waiting' | 'refused'; readonly problem: Problem };

function resolveOne(object: EcsObject, reference: Reference, sources: ReferenceSources): OneResolution {
  const own = object.metadata.namespace ?? '';
  const namespace = reference.namespace ?? own;
  const what = `${reference.kind} ${namespace}/${reference.name}`;
  const say = (type: 'waiting' | 'refused', reason: string, message: string): OneResolution => ({
    type,
    problem: { reason, message: `${reference.path}: ${message}` },
  });

  const target = sources.object(reference.kind, namespace, reference.name);
  if (namespace === own) {
    if (target === undefined) return say('waiting', 'RefNotFound', `${what} does not exist`);
  } else if (target === undefined || !allowsNamespace(target.spec.allowedNamespaces, own, sources.namespace(own))) {
    // From outside its namespace, what is not there and what does not consent look the same.
    return say(
      'refused',
      'RefNotPermitted',
      `${what} does not let namespace ${own} refer to it, or does not exist; add the namespace to its spec.allowedNamespaces`,
    );
  }
  if (accountNameOf(target, sources) !== accountNameOf(object, sources)) {
    return say('refused', 'RefOtherAccount', `${what} uses another AwsAccount; both have to use the same one`);
  }
  if (target.metadata.deletionTimestamp !== undefined) {
    return say('waiting', 'RefBeingDeleted', `${what} is being deleted`);
  }
  const blocked = notUsable(target);
  if (blocked !== undefined) return say('waiting', blocked.reason, `${what} ${blocked.message}`);
  const { arn, name } = target.status ?? {};
  if (arn === undefined || name === undefined) return say('waiting', 'RefNotReady', `${what} is not in AWS yet`);
  return { type: 'resolved', resolved: { reference, target, arn, name } };
}

/**
 * A target is used only when AWS holds its present generation: one apply of several objects then makes one rollout.
 * Drift that is only reported, and a pause, do not make it unusable.
 */
function notUsable(target: EcsObject): Problem | undefined {
  const synced = target.status?.conditions?.find((condition) => condition.type === 'Synced');
  if (synced === undefined || synced.observedGeneration !== target.metadata.generation) {
    return { reason: 'RefNotSynced', message: 'has a change that is not in AWS yet' };
  }
  if (synced.status === 'True' || synced.reason === 'DriftReported' || synced.reason === 'Paused') return undefined;
  return { reason: 'RefNotReady', message: `is not in sync with AWS: ${synced.message}` };
}
