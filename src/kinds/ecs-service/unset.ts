import { canonical } from '../../shape/canonical.ts';
import { ecsRules } from '../../shape/ecs-rules.ts';
import { topMember, valueAt } from '../../shape/leaves.ts';
import { isObject, type Json, type JsonObject } from '../../shape/shape.ts';
import { serviceShape } from '../../shape/shapes.ts';
import { defaultAt } from './defaults.ts';
import { isUpdatable, rulesOf } from './fields.ts';
import { wholeMember } from './merge.ts';
import type { Controller } from './types.ts';

export interface UnsetInput {
  /** Declared earlier and not now. */
  readonly paths: readonly string[];
  readonly declared: JsonObject;
  readonly live: JsonObject;
  readonly controller: Controller;
}

/**
 * What clears the fields that left a spec: the paths by member, of those that AWS still holds otherwise than if they
 * had never been declared. Tags and the count have rules of their own.
 */
export function unsetByMember({
  paths,
  live,
  declared,
  controller,
}: UnsetInput): ReadonlyMap<string, readonly string[]> {
  const telling = canonical(live, serviceShape, ecsRules);
  const members = new Map<string, readonly string[]>();
  for (const path of paths) {
    const member = topMember(path);
    if (LEFT_ALONE.has(member) || !isUpdatable(member, controller)) continue;
    const value = valueAt(telling, path);
    if (value === undefined || value === defaultAt(path, { ...live, ...declared })) continue;
    members.set(member, [...(members.get(member) ?? []), path]);
  }
  return members;
}

/** Members whose removal from a spec asks nothing of AWS, or that are cleared elsewhere. */
const LEFT_ALONE = new Set(['cluster', 'desiredCount', 'serviceName', 'tags', 'taskDefinition']);

/** A member of UpdateService that clears `paths`; undefined where AWS knows nothing to clear it by. */
export function clearedMember(
  member: string,
  paths: readonly string[],
  { declared, live }: Pick<UnsetInput, 'declared' | 'live'>,
): Json | undefined {
  if (rulesOf(member).list === true) return declared[member] ?? [];
  if (declared[member] === undefined) {
    switch (member) {
      case 'serviceConnectConfiguration':
        return { enabled: false };
      case 'networkConfiguration':
        return {};
      case 'monitoring':
        return { metricConfigurations: [] };
      default:
    }
  }
  if (!isObject(live[member])) return defaultAt(member, { ...live, ...declared });
  return wholeMember({ member, declared, live, cleared: paths });
}
