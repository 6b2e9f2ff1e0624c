import { canonical, type Names } from './canonical.ts';
import { ecsRules } from './ecs-rules.ts';
import { sameValue } from './same-value.ts';
import type { JsonObject } from './shape.ts';
import { taskDefinitionShape } from './shapes.ts';

/** What may differ between two revisions with the same content: tags change without a new revision. */
export const TASK_DEFINITION_NOT_CONTENT = ['tags'] as const;

/**
 * Whether a registered revision is what would come of registering `requested`: everything asked for is there, and
 * everything else that is there AWS fills in by itself. Such a revision can be adopted by tagging it, and a service
 * that runs it has nothing to roll out.
 *
 * @param requested the normalised spec
 * @param described what stands in AWS, by `requestFromDescription`
 */
export function sameTaskDefinition(requested: JsonObject, described: JsonObject): boolean {
  const names: Names = new Map();
  return sameValue(content(requested), content(described), {
    shape: taskDefinitionShape,
    memberName: undefined,
    rules: ecsRules,
    names,
    lenient: false,
  });
}

function content(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([name]) => !TASK_DEFINITION_NOT_CONTENT.some((omit) => omit === name));
  return canonical(Object.fromEntries(kept), taskDefinitionShape, ecsRules);
}
