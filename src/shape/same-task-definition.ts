import { canonical } from './canonical.ts';
import { ecsRules } from './ecs-rules.ts';
import { sameValue } from './same-value.ts';
import type { JsonObject } from './shape.ts';
import { taskDefinitionShape } from './shapes.ts';

/**
 * Whether a registered revision is what would come of registering `requested`: everything asked for is there, and
 * everything else that is there AWS fills in by itself. Such a revision can be adopted by tagging it, and a service
 * that runs it has nothing to roll out. Tags are not looked at: they change without a new revision.
 *
 * @param requested the normalised spec, with its family
 * @param described what stands in AWS, by `requestFromDescription`
 */
export function sameTaskDefinition(requested: JsonObject, described: JsonObject): boolean {
  return sameValue(content(requested), content(described), {
    shape: taskDefinitionShape,
    memberName: undefined,
    rules: ecsRules,
    names: new Map(),
    lenient: false,
  });
}

function content({ tags: _tags, ...value }: JsonObject): JsonObject {
  return canonical(value, taskDefinitionShape, ecsRules);
}
