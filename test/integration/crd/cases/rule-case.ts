import type { JsonObject } from '../../../../src/shape/shape.ts';

/** What one rule lets through and what it refuses. */
export interface RuleCase {
  /** The rule's id in its kind. */
  readonly rule: string;
  /** What a user relies on. */
  readonly because: string;
  /** For a rule about a change: the spec that both others follow upon. */
  readonly before?: JsonObject;
  readonly accepted: readonly JsonObject[];
  readonly refused: readonly JsonObject[];
  /** metadata.name of accepted and refused objects, where the rule is about it; one for each spec. */
  readonly names?: { readonly accepted: readonly string[]; readonly refused: readonly string[] };
}
