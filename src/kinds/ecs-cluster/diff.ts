import type { Plan, PlanInput } from '../../reconcile/kind.ts';
import { compareDeclared } from '../../shape/compare.ts';
import { clusterFromDescription } from '../../shape/described.ts';
import { ecsRules } from '../../shape/ecs-rules.ts';
import { topMember } from '../../shape/leaves.ts';
import { mergeDeep, setAt } from '../../shape/merge.ts';
import { isWithin, parsePath } from '../../shape/path.ts';
import { isList, isObject, type Json, type JsonObject } from '../../shape/shape.ts';
import { clusterShape } from '../../shape/shapes.ts';
import { planTags } from '../tag-plan.ts';
import type { EcsClusterSpec, EcsClusterStatus } from './schema.ts';
import type { ClusterAction, ClusterDesired, ClusterObserved } from './types.ts';

type Input = PlanInput<EcsClusterSpec, EcsClusterStatus, ClusterDesired, ClusterObserved>;

const POLL_MS = 2_000;
const PROVIDER_MEMBERS = ['capacityProviders', 'defaultCapacityProviderStrategy'];

/** What has to be done so that AWS holds what is declared. Pure. */
export function planCluster(input: Input): Plan<ClusterAction, EcsClusterStatus> {
  const { desired, observed, unset } = input;
  const { presence, cluster } = observed;
  if (presence.state !== 'present' || cluster === undefined) {
    return { actions: [{ type: 'CreateCluster', request: desired.request }], reported: [] };
  }
  if (cluster.status === 'PROVISIONING' || cluster.attachmentsStatus === 'UPDATE_IN_PROGRESS') {
    const message = `AWS is still setting up capacity providers of ${presence.arn}`;
    return { actions: [], reported: [], waiting: { reason: 'Provisioning', message, pollMs: POLL_MS } };
  }
  const live = clusterFromDescription(cluster);
  const differences = compareDeclared({
    declared: desired.request,
    live,
    shape: clusterShape,
    rules: ecsRules,
    confirmed: (path) => input.confirmed(path),
    names: new Map(observed.namespace === undefined ? [] : [[observed.namespace.arn, observed.namespace.name]]),
  });
  const apply = differences.filter(({ path }) => input.judge(path) === 'apply');
  const reported = differences.filter(({ path }) => input.judge(path) === 'report');
  const cleared = unset.filter((path) => topMember(path) !== 'tags');
  const changed = [...new Set([...apply.map(({ path }) => path), ...cleared])];
  const tags = planTags({ declared: desired.tags, live: presence.tags, unset, judge: (path) => input.judge(path) });

  const actions: ClusterAction[] = [];
  const ofProviders = changed.filter((path) => PROVIDER_MEMBERS.includes(topMember(path)));
  const ofCluster = changed.filter((path) => !PROVIDER_MEMBERS.includes(topMember(path)));
  const update = updateRequest(desired.request, live, { changed: ofCluster, cleared });
  if (Object.keys(update).length > 0) actions.push({ type: 'UpdateCluster', request: update, changes: ofCluster });
  if (ofProviders.length > 0) {
    const request = providersRequest(desired.request, live, cleared);
    actions.push({ type: 'PutClusterCapacityProviders', request, changes: ofProviders });
  }
  if (Object.keys(tags.set).length > 0) actions.push({ type: 'TagResource', arn: presence.arn, tags: tags.set });
  if (tags.remove.length > 0) actions.push({ type: 'UntagResource', arn: presence.arn, keys: tags.remove });
  return { actions, reported: [...reported, ...tags.reported] };
}

/** Pure. */
export function planClusterDeletion({ observed }: Input): Plan<ClusterAction, EcsClusterStatus> {
  return { actions: observed.presence.state === 'present' ? [{ type: 'DeleteCluster' }] : [], reported: [] };
}

interface Change {
  readonly changed: readonly string[];
  readonly cleared: readonly string[];
}

/** Members of UpdateCluster that hold what has changed: whole, since AWS replaces them whole. */
function updateRequest(declared: JsonObject, live: JsonObject, { changed, cleared }: Change): JsonObject {
  const request: Record<string, Json> = {};
  for (const member of new Set(changed.map(topMember))) {
    const value = declared[member];
    if (member === 'serviceConnectDefaults') {
      // An empty namespace takes the default away (API reference of ClusterServiceConnectDefaultsRequest).
      request[member] = isObject(value) && value.namespace !== undefined ? value : { namespace: '' };
    } else if (member === 'settings') {
      request[member] = [...(isList(value) ? value : []), ...defaultSettings(cleared, declared)];
    } else if (member === 'configuration') {
      request[member] = wholeConfiguration(declared, live, cleared);
    }
  }
  return request;
}

/** AWS replaces it whole: what was never declared keeps its live value, what is given up goes back to the default. */
function wholeConfiguration(declared: JsonObject, live: JsonObject, cleared: readonly string[]): Json {
  const { configuration: held = {} } = live;
  const { configuration: asked = {} } = declared;
  let whole = mergeDeep(isObject(held) ? held : {}, isObject(asked) ? asked : {});
  for (const path of cleared) {
    const [top, ...names] = parsePath(path).flatMap((segment) => (segment.type === 'member' ? [segment.name] : []));
    if (top === 'configuration') whole = setAt(whole, names, undefined);
  }
  // Left out, AWS could take it for "as it is"; DEFAULT is what a cluster has that never said anything.
  const gone = cleared.some((path) => isWithin(path, 'configuration.executeCommandConfiguration'));
  if (gone && whole.executeCommandConfiguration === undefined) {
    return { ...whole, executeCommandConfiguration: { logging: 'DEFAULT' } };
  }
  return whole;
}

/** `containerInsights` is the only setting there is; off is AWS's default. */
function defaultSettings(cleared: readonly string[], declared: JsonObject): readonly Json[] {
  if (!cleared.some((path) => topMember(path) === 'settings')) return [];
  const names = isList(declared.settings)
    ? declared.settings.map((setting) => (isObject(setting) ? setting.name : ''))
    : [];
  return names.includes('containerInsights') ? [] : [{ name: 'containerInsights', value: 'disabled' }];
}

/** Both lists are required and replaced: what is not declared stays as it is, what no longer is goes. */
function providersRequest(declared: JsonObject, live: JsonObject, cleared: readonly string[]): JsonObject {
  return Object.fromEntries(
    PROVIDER_MEMBERS.map((member) => {
      const gone = cleared.some((path) => topMember(path) === member);
      return [member, declared[member] ?? (gone ? [] : (live[member] ?? []))];
    }),
  );
}
