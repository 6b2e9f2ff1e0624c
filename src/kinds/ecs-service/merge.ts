import { canonical } from '../../shape/canonical.ts';
import { ecsRules } from '../../shape/ecs-rules.ts';
import { mergeDeep, setAt } from '../../shape/merge.ts';
import { parsePath } from '../../shape/path.ts';
import { isObject, type Json, type JsonObject } from '../../shape/shape.ts';
import { serviceShape } from '../../shape/shapes.ts';
import { defaultAt } from './defaults.ts';

export interface WholeMemberInput {
  /** Of CreateService, e.g. `deploymentConfiguration`. */
  readonly member: string;
  /** All that is declared, and all that AWS holds. */
  readonly declared: JsonObject;
  readonly live: JsonObject;
  /** Paths in the member that are to be cleared, from the root: `deploymentConfiguration.alarms.enable`. */
  readonly cleared: readonly string[];
}

/**
 * A member as it goes into UpdateService. AWS replaces structures whole, so the undeclared leaves of one keep their live
 * value; those with AWS's default are left out, which says the same and cannot be refused.
 */
export function wholeMember({ member, declared, live, cleared }: WholeMemberInput): Json {
  const wanted = declared[member];
  if (serviceShape.members[member]?.shape.type !== 'structure') return wanted ?? [];
  let whole = mergeDeep(withoutDefaults(member, live), isObject(wanted) ? wanted : {});
  const service = { ...live, ...declared };
  for (const path of cleared) {
    const names = parsePath(path).map((segment) => (segment.type === 'member' ? segment.name : keyOf(segment)));
    whole = setAt(whole, names.slice(1), defaultAt(path, service));
  }
  return member === 'deploymentConfiguration' ? fittingStrategy(whole, wanted) : whole;
}

/** Drops what says no more than AWS's defaults, whole structures at a time: their members may belong together. */
function withoutDefaults(member: string, live: JsonObject): JsonObject {
  const value = live[member];
  const telling = canonical(live, serviceShape, ecsRules)[member];
  if (!isObject(value) || !isObject(telling)) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => name in telling));
}

function keyOf(segment: { readonly type: 'entry' | 'item'; readonly key: string }): string {
  return segment.key;
}

/** Members that belong to the strategies that shift traffic go with them, unless they are declared. */
function fittingStrategy(whole: JsonObject, declared: Json | undefined): JsonObject {
  if (whole.strategy !== undefined && whole.strategy !== 'ROLLING') return whole;
  const keep = isObject(declared) ? declared : {};
  const shifting = ['bakeTimeInMinutes', 'linearConfiguration', 'canaryConfiguration'];
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !shifting.includes(name) || name in keep));
}
