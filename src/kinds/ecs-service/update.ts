import { type Difference, printDifference } from '../../shape/compare.ts';
import { topMember } from '../../shape/leaves.ts';
import { parseTaskDefinitionName } from '../../shape/names.ts';
import type { Json, JsonObject } from '../../shape/shape.ts';
import { rulesOf } from './fields.ts';
import { wholeMember } from './merge.ts';
import { taskDefinitionArgument } from './task-definition.ts';
import { templateArn } from './template.ts';
import type { EcsServiceDesired, EcsServiceObserved } from './types.ts';
import { clearedMember } from './unset.ts';

export interface UpdateInput {
  readonly desired: EcsServiceDesired;
  readonly observed: Pick<EcsServiceObserved, 'live' | 'template'>;
  /** What is to be changed. */
  readonly changes: readonly Difference[];
  /** What is to be cleared, by member. */
  readonly cleared: ReadonlyMap<string, readonly string[]>;
  /** A declared launch type instead of the live capacity provider strategy. */
  readonly leaveStrategy: boolean;
  /** A new deployment whatever else changes, with the reason for people. */
  readonly force: string | undefined;
}

export interface Update {
  readonly request: JsonObject;
  /** For people, without sensitive values. */
  readonly changes: readonly string[];
}

/** Everything that is to change, as one UpdateService, so that it makes one deployment at most. */
export function updateRequest(input: UpdateInput): Update | undefined {
  const { desired, observed, changes, cleared, leaveStrategy, force } = input;
  const request: Record<string, Json> = {};
  for (const member of new Set(changes.map(({ path }) => topMember(path)))) {
    const value = changedMember(member, input);
    if (value !== undefined) request[member] = value;
  }
  for (const [member, paths] of cleared) {
    if (member in request) continue;
    const value = clearedMember(member, paths, { declared: desired.request, live: observed.live });
    if (value !== undefined) request[member] = value;
  }
  if (leaveStrategy) request.capacityProviderStrategy = [];
  const forced = Object.keys(request).some((member) => rulesOf(member).forces === true);
  if (force !== undefined || forced) request.forceNewDeployment = true;
  if (force !== undefined) Object.assign(request, newestRevision(input));
  if (Object.keys(request).length === 0) return undefined;
  return { request, changes: describeChanges(input) };
}

function changedMember(member: string, { desired, observed, cleared }: UpdateInput): Json | undefined {
  switch (member) {
    case 'desiredCount':
      return desired.desiredCount;
    case 'taskDefinition':
      return desired.taskDefinition === undefined
        ? undefined
        : taskDefinitionArgument(desired.taskDefinition, templateArn(observed));
    default:
      if (rulesOf(member).list === true) return desired.request[member];
      if (typeof desired.request[member] !== 'object') return desired.request[member];
      return wholeMember({
        member,
        declared: desired.request,
        live: observed.live,
        cleared: cleared.get(member) ?? [],
      });
  }
}

/** A restart takes up the newest revision where the spec names a family alone. */
function newestRevision({ desired: { taskDefinition } }: UpdateInput): JsonObject {
  if (taskDefinition?.type !== 'named') return {};
  const { revision } = parseTaskDefinitionName(taskDefinition.value);
  return revision === undefined ? { taskDefinition: taskDefinition.value } : {};
}

/** `arn:aws:ecs:…:task-definition/web:3` → `web:3`: cut off at its end, an ARN would not tell the revisions apart. */
function shortened(difference: Difference): Difference {
  if (difference.path !== 'taskDefinition') return difference;
  const short = (value: Json) => (typeof value === 'string' ? value.replace(/^arn:.*\//, '') : value);
  const { live, declared } = difference;
  return { ...difference, declared: short(declared), live: live === undefined ? undefined : short(live) };
}

function describeChanges({ changes, cleared, leaveStrategy, force }: UpdateInput): readonly string[] {
  const told = changes.map((difference) => {
    const { path, live, declared } = printDifference(shortened(difference), 60);
    return `${path} ${live} → ${declared}`;
  });
  const gone = [...cleared.values()].flat().map((path) => `${path} cleared`);
  return [
    ...told,
    ...gone,
    ...(leaveStrategy ? ['capacityProviderStrategy cleared'] : []),
    ...(force === undefined ? [] : [force]),
  ];
}
