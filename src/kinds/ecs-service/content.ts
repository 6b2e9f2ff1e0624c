import { contentHash, hashJson } from '../../shape/content-hash.ts';
import { ecsRules } from '../../shape/ecs-rules.ts';
import type { JsonObject } from '../../shape/shape.ts';
import { serviceShape } from '../../shape/shapes.ts';
import { rulesOf } from './fields.ts';

export interface ContentInput {
  readonly request: JsonObject;
  /** See `taskDefinitionKey`. */
  readonly taskDefinition: string;
  readonly restartedAt: string | undefined;
}

/** Hash of what starts a deployment: while it stays, the rollout is the same one. 32 hexadecimal characters. */
export function rolloutContent({ request, taskDefinition, restartedAt }: ContentInput): string {
  const omit = Object.keys(request).filter((member) => rulesOf(member).starts !== true);
  return hashJson([hashOf(request, omit), taskDefinition, restartedAt ?? null]);
}

/**
 * Hash of all that may decide whether a rollout succeeds: a longer grace period may be what heals it. Not the count,
 * which is an autoscaler's as often as a person's, and not tags.
 */
export function attemptContent(input: ContentInput): string {
  return hashJson([rolloutContent(input), hashOf(input.request, [])]);
}

function hashOf(value: JsonObject, omit: readonly string[]): string {
  return contentHash({ value, shape: serviceShape, rules: ecsRules, omit });
}
