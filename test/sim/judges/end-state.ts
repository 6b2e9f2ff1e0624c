import { Remembered } from '../remembered.ts';
import type { Hands } from '../scenarios/scenario.ts';
import type { AwsState } from '../world/aws-hands.ts';

/** How everything stands, without what differs between any two runs: ids, times, history. Path → value. */
export type EndState = ReadonlyMap<string, string>;

/** Members that tell of the past, or of when. */
const PASSING =
  /(At|Time|Timestamp|time)$|^(events|managedFields|resourceVersion|uid|operations|creatorRequestId|requestId|recentFailures|lastDeployment)$/;
const IDS =
  /service-(revision|deployment)\/[\w-]+\/[\w-]+\/[\w-]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|\b(ns|srv|Z)-?[a-zA-Z0-9]{10,}\b|ecs-svc\/\d+|\b\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** What depends on when a step met the operator: how often something was made on the way. */
const HISTORY =
  /taskDefinitions\[?|\.taskDefinitions\.|serviceDeployments|currentServiceRevisions|deployments|[rR]evision|rollout\.|taskDefinition|references|\.applied\.|\.observed|generation|Generation|incarnation/;

/** The end state without its history: for stories in which steps are taken at a time and not when all is at rest. */
export function withoutHistory(state: EndState): EndState {
  return new Map(
    [...state].filter(([path]) => !HISTORY.test(path)).map(([path, value]) => [path, value.replace(REVISION, '$1')]),
  );
}

/** The end state without some paths. */
export function without(paths: RegExp, state: EndState): EndState {
  return new Map([...state].filter(([path]) => !paths.test(path)));
}

const REVISION = /(task-definition\/[\w-]+):\d+/g;

export function endStateOf({ aws, world }: Hands): EndState {
  const found = new Map<string, string>();
  for (const cluster of world.clusters) {
    for (const { kind, metadata, spec, status } of cluster.person.objects()) {
      const { namespace, name, generation, finalizers, deletionTimestamp, annotations, labels } = metadata;
      const deleting = deletionTimestamp !== undefined;
      const meta = { generation, finalizers, annotations, labels, deleting };
      flatten({ metadata: meta, spec, status }, cluster.of(`${kind}/${namespace ?? ''}/${name}`), found);
    }
  }
  flatten(livingPart(aws.state()), 'aws', found);
  return found;
}

/** What two states differ in, a line each, at most so many. */
export function differences(expected: EndState, found: EndState, limit = 12): readonly string[] {
  const paths = [...new Set([...expected.keys(), ...found.keys()])].filter(
    (path) => expected.get(path) !== found.get(path),
  );
  const lines = paths
    .slice(0, limit)
    .map((path) => `${path}: ${found.get(path) ?? 'missing'}, without faults ${expected.get(path) ?? 'missing'}`);
  return paths.length > limit ? [...lines, `and ${paths.length - limit} more`] : lines;
}

function livingPart({ ecs, servicediscovery }: AwsState): object {
  return {
    // What is INACTIVE is gone, and forgotten after an hour.
    clusters: keyed(ecs.clusters.filter(isThere), 'clusterName', ({ services, tasks, ...cluster }) => ({
      ...cluster,
      services: keyed(services.filter(isThere), 'serviceName'),
      // Which task is which is chance, and those that stopped are the past.
      tasks: tasks
        .filter(({ lastStatus }) => lastStatus === 'RUNNING')
        .map(({ taskDefinitionArn, group, healthStatus }) => `${taskDefinitionArn} ${group} ${healthStatus}`)
        .sort(),
    })),
    taskDefinitions: keyed(ecs.taskDefinitions, 'taskDefinitionArn'),
    cloudMapNamespaces: keyed(servicediscovery.namespaces, 'name'),
    cloudMapServices: keyed(servicediscovery.services, 'name', ({ instances, ...service }) => ({
      ...service,
      revision: undefined,
      instances: instances.length,
    })),
  };
}

function isThere({ status }: { readonly status: string }): boolean {
  return status !== 'INACTIVE';
}

function keyed<T extends object>(list: readonly T[], name: keyof T, shape: (one: T) => object = (one) => one): object {
  const result: Record<string, object> = {};
  for (const one of list) {
    const key = String(one[name]);
    // Two of one name must show as two.
    result[key in result ? `${key} (another)` : key] = shape(one);
  }
  return result;
}

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (value === undefined || value instanceof Date) return;
  if (typeof value !== 'object' || value === null) {
    // Whether AWS was seen to hold it before it was rolled back is a matter of when one looked.
    into.set(withoutIds(path), path.includes('.status.applied.leaves.') ? 'declared' : withoutIds(String(value)));
    return;
  }
  if (value instanceof Map || value instanceof Set) {
    flatten([...value], path, into);
    return;
  }
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) flatten(item, `${path}[${itemName(item) ?? at}]`, into);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    if (!PASSING.test(name)) flatten(member, `${path}.${name}`, into);
  }
}

/** Lists of named things are compared by their names. */
function itemName(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  for (const member of ['type', 'key', 'name']) {
    const value: unknown = Reflect.get(item, member);
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/** Of most texts the same is asked in each of thousands of runs. */
const known = new Remembered<string>(20_000);

function withoutIds(text: string): string {
  return known.of([text], () => text.replace(IDS, '<id>'));
}
