import type { KubeObject } from '../kube/object.ts';
import { findCondition } from '../runtime/conditions.ts';
import { type ObjectKey, objectKey } from '../runtime/object-key.ts';
import type { Priority } from '../runtime/queue.ts';
import { ACCOUNT_ANNOTATION, PREFIX } from './annotations.ts';
import { type Caches, linkOf } from './caches.ts';
import { isKindName, type KindName } from './kind.ts';
import type { LinkKey } from './references.ts';
import { sameJson } from './status.ts';
import type { CommonStatus, EcsObject } from './types.ts';

export interface LinkOptions {
  readonly caches: Caches;
  readonly kinds: readonly { readonly name: KindName; readonly followsDependents: boolean }[];
  enqueue(kind: KindName, key: ObjectKey, priority: Priority): void;
}

/**
 * Wakes every object that a change concerns (rule 3 of the design): itself, what refers to it, what it refers or
 * referred to, what uses the account or lives in the namespace. Changes that mean nothing to anybody, such as our own
 * writes of status, wake nobody.
 */
export function linkObjects(options: LinkOptions): void {
  const { caches, kinds } = options;
  const followers = new Set(kinds.filter((kind) => kind.followsDependents).map(({ name }) => name));
  for (const { name: kind } of kinds) {
    caches.store(kind).onChange((change) => {
      const old = change.type === 'added' ? undefined : change.old;
      const object = change.type === 'deleted' ? undefined : change.object;
      if (concernsItself(object, old)) options.enqueue(kind, change.key, 'change');
      if (concernsOthers(kind, object, old)) wakeDependents(kind, change.object, options);
      wakeTargets({ kind, object, old, followers }, options);
    });
  }
  caches.namespaces.onChange((change) => {
    const old = change.type === 'updated' ? change.old : undefined;
    const turned = accountOf(change.object) !== accountOf(old);
    if (old !== undefined && !turned && !namespaceMatters(change.object, old)) return;
    for (const { kind, object } of caches.inNamespace(change.object.metadata.name)) {
      options.enqueue(kind, objectKey(object.metadata), 'dependency');
      // Whoever refers to an object has to use the same account.
      if (turned) wakeDependents(kind, object, options);
    }
    wakeLeavingAccounts(options);
  });
}

/** Our own writes (status, our finalizer put on) change nothing that a reconcile would do otherwise. */
function concernsItself(object: EcsObject | undefined, old: EcsObject | undefined): boolean {
  if (object === undefined || old === undefined) return true;
  const [a, b] = [object.metadata, old.metadata];
  const lostFinalizer = (b.finalizers ?? []).some((finalizer) => !a.finalizers?.includes(finalizer));
  return (
    a.generation !== b.generation ||
    a.deletionTimestamp !== b.deletionTimestamp ||
    lostFinalizer ||
    // Any annotation: it is how people ask for a look.
    !sameJson(a.annotations, b.annotations)
  );
}

/** Whether an object means something else now to those that refer to it, or use it as their account. */
function concernsOthers(kind: KindName, object: EcsObject | undefined, old: EcsObject | undefined): boolean {
  if (object === undefined || old === undefined) return true;
  const face = kind === 'AwsAccount' ? accountFace : targetFace;
  return !sameJson(face(object), face(old));
}

/** All that `references.ts` looks at. Whether it is Ready is its own affair: a rollout must not wake all its users. */
function targetFace({
  metadata,
  status,
}: EcsObject<EcsObject['spec'], CommonStatus & { revisions?: unknown }>): unknown {
  const { generation, deletionTimestamp } = metadata;
  const { status: synced, observedGeneration, reason } = findCondition(status?.conditions, 'Synced') ?? {};
  const { arn, name, revisions } = status ?? {};
  return [generation, deletionTimestamp, arn, name, revisions, synced, observedGeneration, reason];
}

/** All that `account.ts` and `brakes.ts` look at. */
function accountFace({ metadata, status }: EcsObject): unknown {
  const { generation, deletionTimestamp } = metadata;
  const { status: ready, observedGeneration, message } = findCondition(status?.conditions, 'Ready') ?? {};
  return [generation, deletionTimestamp, ownAnnotations(metadata), ready, observedGeneration, message];
}

/** Others annotate for themselves, and often. */
function ownAnnotations({ annotations = {} }: KubeObject['metadata']): unknown {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => name.startsWith(`${PREFIX}/`)));
}

function wakeDependents(kind: KindName, object: EcsObject, { caches, enqueue }: LinkOptions): void {
  for (const dependent of caches.dependents(linkOf(kind, object))) {
    if (isKindName(dependent.kind)) enqueue(dependent.kind, objectKey(dependent.metadata), 'dependency');
  }
  if (kind !== 'AwsAccount') return;
  for (const user of caches.usersOf(object.metadata.name)) {
    enqueue(user.kind, objectKey(user.object.metadata), 'dependency');
  }
}

interface TargetsInput {
  readonly kind: KindName;
  readonly object: EcsObject | undefined;
  readonly old: EcsObject | undefined;
  readonly followers: ReadonlySet<string>;
}

/** Targets wait for those that refer to them before they go, and some sum up how those fare. */
function wakeTargets({ kind, object, old, followers }: TargetsInput, { caches, enqueue }: LinkOptions): void {
  const now = object === undefined ? [] : caches.targets(kind, object);
  const before = old === undefined ? [] : caches.targets(kind, old);
  const left = before.filter((key) => !now.includes(key));
  const followed = sameJson(fareOf(object), fareOf(old)) ? [] : now.filter((key) => followers.has(kindOf(key)));
  const joined = now.filter((key) => !before.includes(key) && followers.has(kindOf(key)));
  for (const key of new Set([...left, ...followed, ...joined])) {
    const [target = '', namespace = '', name = ''] = key.split('/');
    if (isKindName(target)) enqueue(target, objectKey({ namespace, name }), 'dependency');
  }
  const turned = old !== undefined && object?.spec.accountRef?.name !== old.spec.accountRef?.name;
  if (kind !== 'AwsAccount' && (object === undefined || turned)) wakeLeavingAccounts({ caches, enqueue });
}

/** What a follower sums up of those that refer to it. How far their rollouts are in between, it need not hear each time. */
function fareOf(
  object: EcsObject<EcsObject['spec'], CommonStatus & { currentTaskDefinitionArn?: string }> | undefined,
): unknown {
  if (object === undefined) return undefined;
  const { generation, deletionTimestamp } = object.metadata;
  const { conditions, currentTaskDefinitionArn } = object.status ?? {};
  const rolledOut = findCondition(conditions, 'RolledOut');
  const stalled = findCondition(conditions, 'Stalled');
  return [
    generation,
    deletionTimestamp,
    currentTaskDefinitionArn,
    rolledOut?.status,
    rolledOut?.reason,
    stalled?.reason,
  ];
}

/** An account on its way out waits for its last user. */
function wakeLeavingAccounts({ caches, enqueue }: Pick<LinkOptions, 'caches' | 'enqueue'>): void {
  for (const { metadata } of caches.store('AwsAccount').list()) {
    if (metadata.deletionTimestamp !== undefined) enqueue('AwsAccount', objectKey(metadata), 'dependency');
  }
}

function accountOf(namespace: KubeObject | undefined): string | undefined {
  return namespace?.metadata.annotations?.[ACCOUNT_ANNOTATION];
}

/** Any label may be selected by. */
function namespaceMatters({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean {
  return !sameJson(a.labels, b.labels) || !sameJson(ownAnnotations(a), ownAnnotations(b));
}

function kindOf(key: LinkKey): string {
  return key.slice(0, key.indexOf('/'));
}
