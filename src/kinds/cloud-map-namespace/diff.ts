import type { Plan, PlanInput, Problem } from '../../reconcile/kind.ts';
import type { StatusPatch } from '../../reconcile/types.ts';
import { cloudMapRules } from '../../shape/cloud-map-rules.ts';
import { compareDeclared } from '../../shape/compare.ts';
import { namespaceFromDescription } from '../../shape/described.ts';
import { valueAt } from '../../shape/leaves.ts';
import type { JsonObject } from '../../shape/shape.ts';
import { cloudMapNamespaceShape } from '../../shape/shapes.ts';
import { mayTryAgain, OPERATION_POLL_MS } from '../cloud-map-operation.ts';
import { planTags } from '../tag-plan.ts';
import { SOA_TTL } from './desired.ts';
import type { CloudMapNamespaceSpec, CloudMapNamespaceStatus } from './schema.ts';
import type { NamespaceAction, NamespaceChange, NamespaceDesired, NamespaceObserved } from './types.ts';

type Input = PlanInput<CloudMapNamespaceSpec, CloudMapNamespaceStatus, NamespaceDesired, NamespaceObserved>;
type NamespacePlan = Plan<NamespaceAction, CloudMapNamespaceStatus>;

/** What a new DNS namespace has when nothing is said (seconds), so what an undeclared one goes back to. */
const DEFAULT_SOA_TTL = 15;
/** How long a namespace may stay unseen after AWS said that it was made. Milliseconds. */
const READ_LAG_MS = 60_000;

/** What has to be done so that AWS holds what is declared. Pure. */
export function planNamespace(input: Input): NamespacePlan {
  const { observed } = input;
  if (observed.obstacle !== undefined) return stalled(observed.obstacle);
  return observed.presence.state === 'present' ? planChange(input) : planCreation(input);
}

function planCreation(input: Input): NamespacePlan {
  const { observed, object, desired, now } = input;
  const { operation } = observed;
  const create: NamespacePlan = { actions: [{ type: 'CreateNamespace' }], reported: [] };
  if (operation?.type !== 'CREATE_NAMESPACE') return create;
  switch (operation.state) {
    case 'pending':
      return waiting('Creating', `AWS is making namespace ${desired.name}`);
    case 'succeeded':
      if (operation.updatedAt === undefined || now - operation.updatedAt < READ_LAG_MS) {
        return waiting('Creating', `AWS has made namespace ${desired.name} and does not show it yet`);
      }
      return { ...create, intent: anotherAttempt(object.status) };
    case 'failed':
      if (mayTryAgain(operation, attemptOf(input))) return { ...create, intent: anotherAttempt(object.status) };
      return stalled({
        reason: 'CreationFailed',
        message: `AWS could not make namespace ${desired.name}: ${operation.failure}; tried again when the spec changes, and every ten minutes`,
      });
    default:
      return operation.state satisfies never;
  }
}

/** The same request again would be answered with the operation that failed: the incarnation makes it another one. */
function anotherAttempt(status: CloudMapNamespaceStatus | undefined): StatusPatch<CloudMapNamespaceStatus> {
  return { incarnation: (status?.incarnation ?? 0) + 1, operation: undefined };
}

function planChange(input: Input): NamespacePlan {
  const { desired, observed, unset } = input;
  const { namespace, presence, operation } = observed;
  if (presence.state !== 'present' || namespace?.Id === undefined) return { actions: [], reported: [] };
  const immutable = changedForGood(input);
  if (immutable !== undefined) return stalled({ reason: 'ImmutableField', message: immutable });
  if (operation?.state === 'pending') return waiting('Updating', `AWS is changing ${presence.arn}`);

  const live = namespaceFromDescription(namespace);
  const differences = compareDeclared({
    declared: changeable(desired.request),
    live,
    shape: cloudMapNamespaceShape,
    rules: cloudMapRules,
    confirmed: (path) => input.confirmed(path),
  });
  const reported = differences.filter(({ path }) => input.judge(path) === 'report');
  const apply = differences.filter(({ path }) => input.judge(path) === 'apply').map(({ path }) => path);
  const change = changeOf({ declared: desired.request, live, apply, unset, dns: desired.type !== 'HTTP' });
  const tags = planTags({ declared: desired.tags, live: presence.tags, unset, judge: (path) => input.judge(path) });

  const actions: NamespaceAction[] = [];
  if (Object.keys(change).length > 0) actions.push({ type: 'UpdateNamespace', id: namespace.Id, change });
  if (Object.keys(tags.set).length > 0) actions.push({ type: 'TagResource', arn: presence.arn, tags: tags.set });
  if (tags.remove.length > 0) actions.push({ type: 'UntagResource', arn: presence.arn, keys: tags.remove });
  const plan: NamespacePlan = { actions, reported: [...reported, ...tags.reported] };

  const failedUpdate = operation?.type === 'UPDATE_NAMESPACE' && operation.state === 'failed' ? operation : undefined;
  if (failedUpdate === undefined || Object.keys(change).length === 0) return plan;
  if (mayTryAgain(failedUpdate, attemptOf(input))) {
    return { ...plan, intent: { operation: undefined } };
  }
  const message = `AWS could not change ${presence.arn}: ${failedUpdate.failure}; tried again when the spec changes, and every ten minutes`;
  return { actions: [], reported: plan.reported, stalled: { reason: 'UpdateFailed', message } };
}

/** Pure. */
export function planNamespaceDeletion(input: Input): NamespacePlan {
  const { observed } = input;
  const { presence, namespace, operation, obstacle } = observed;
  if (obstacle !== undefined) return waiting(obstacle.reason, obstacle.message);
  if (operation?.state === 'pending' || presence.state === 'leaving') {
    const what = operation?.type === 'DELETE_NAMESPACE' ? 'deleting the namespace' : 'still changing the namespace';
    return waiting('Deleting', `AWS is ${what}`);
  }
  if (presence.state === 'absent' || namespace?.Id === undefined) {
    // What was said to be made may just not be seen yet.
    const unseen = operation?.type === 'CREATE_NAMESPACE' && operation.state === 'succeeded';
    const fresh = unseen && (operation.updatedAt === undefined || input.now - operation.updatedAt < READ_LAG_MS);
    return fresh ? waiting('Deleting', 'AWS has just made the namespace and does not show it yet') : nothing();
  }
  const failed = operation?.type === 'DELETE_NAMESPACE' && operation.state === 'failed' ? operation : undefined;
  if (failed !== undefined && !mayTryAgain(failed, attemptOf(input))) {
    const message = `AWS could not delete ${presence.arn}: ${failed.failure}; tried again every ten minutes`;
    return stalled({ reason: 'DeletionFailed', message });
  }
  return { actions: [{ type: 'DeleteNamespace', id: namespace.Id }], reported: [] };
}

/** What the CRD refuses to change, changed all the same. AWS never tells the VPC: only what we declared does. */
function changedForGood({ object, desired, observed, unset }: Input): string | undefined {
  const { spec, status } = object;
  const undo = 'put the former value back, or delete this object and make another';
  const type = observed.namespace?.Type;
  if (type !== undefined && type !== desired.type) return `spec.type cannot be changed from ${type}: ${undo}`;
  if (spec.name != null && spec.name !== '' && spec.name !== desired.name) {
    return `spec.name cannot be changed from ${desired.name}: ${undo}`;
  }
  const before = status?.applied?.leaves.vpc;
  const confirmed = before !== undefined && before !== '';
  if (confirmed && (unset.includes('vpc') || desired.leaves.vpc !== before))
    return `spec.vpc cannot be changed: ${undo}`;
  return undefined;
}

interface ChangeInput {
  readonly declared: JsonObject;
  readonly live: JsonObject;
  readonly apply: readonly string[];
  readonly unset: readonly string[];
  readonly dns: boolean;
}

/** What the update says: what is declared and differs, and the default of what is not declared any more. */
function changeOf({ declared, live, apply, unset, dns }: ChangeInput): NamespaceChange {
  const { description } = declared;
  const liveDescription = live.description ?? '';
  const ttl = valueAt(declared, SOA_TTL);
  const clearDescription = unset.includes('description') && liveDescription !== '';
  const liveTtl = valueAt(live, SOA_TTL);
  const resetTtl = dns && unset.includes(SOA_TTL) && liveTtl !== undefined && liveTtl !== DEFAULT_SOA_TTL;
  return {
    ...(apply.includes('description') && typeof description === 'string' && { description }),
    ...(clearDescription && { description: '' }),
    ...(apply.includes(SOA_TTL) && typeof ttl === 'number' && { soaTtl: ttl }),
    ...(resetTtl && { soaTtl: DEFAULT_SOA_TTL }),
  };
}

function changeable({ description, properties }: JsonObject): JsonObject {
  return { ...(description !== undefined && { description }), ...(properties !== undefined && { properties }) };
}

function attemptOf({ now, object }: Input) {
  return { now, generation: object.metadata.generation, observedGeneration: object.status?.observedGeneration };
}

function waiting(reason: string, message: string): NamespacePlan {
  return { actions: [], reported: [], waiting: { reason, message, pollMs: OPERATION_POLL_MS } };
}

function stalled(problem: Problem): NamespacePlan {
  return { actions: [], reported: [], stalled: problem };
}

function nothing(): NamespacePlan {
  return { actions: [], reported: [] };
}
