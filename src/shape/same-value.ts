import { type CanonicalRules, equalJson, type Names } from './canonical.ts';
import type { MemberName } from './overlay.ts';
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  type List,
  memberOf,
  type Shape,
  type Structure,
} from './shape.ts';

export interface SameInput {
  readonly shape: Shape;
  /** The member that holds the value, for the rules. */
  readonly memberName: MemberName | undefined;
  readonly rules: CanonicalRules;
  readonly names: Names;
  /** What stands in `live` beside the declared members is no difference, and neither is what cannot be known. */
  readonly lenient: boolean;
}

/** Whether two canonical values mean the same to AWS, with AWS's own ways to print a name taken into account. */
export function sameValue(declared: Json | undefined, live: Json | undefined, input: SameInput): boolean {
  if (declared === undefined || live === undefined) return declared === live;
  const { shape } = input;
  if (shape.type === 'structure' && isObject(declared) && isObject(live)) {
    return sameStructure(declared, live, shape, input);
  }
  if (shape.type === 'list' && isList(declared) && isList(live)) return sameList(declared, live, shape, input);
  const rule = input.memberName === undefined ? undefined : input.rules.same[input.memberName];
  if (rule !== undefined && typeof declared === 'string' && typeof live === 'string') {
    const sameness = rule(declared, live, input.names);
    return sameness === 'same' || (sameness === 'unknown' && input.lenient);
  }
  return equalJson(declared, live);
}

function sameStructure(declared: JsonObject, live: JsonObject, shape: Structure, input: SameInput): boolean {
  const looked = input.lenient ? Object.keys(declared) : new Set([...Object.keys(declared), ...Object.keys(live)]);
  for (const name of looked) {
    const inner: SameInput = {
      ...input,
      shape: memberOf(shape, name)?.shape ?? { type: 'document' },
      memberName: `${shape.name}.${name}`,
    };
    if (!sameValue(declared[name], live[name], inner)) return false;
  }
  return true;
}

function sameList(declared: readonly Json[], live: readonly Json[], shape: List, input: SameInput): boolean {
  if (declared.length !== live.length) return false;
  const inner: SameInput = { ...input, shape: shape.of };
  if (!shape.unordered) return declared.every((item, i) => sameValue(item, live[i], inner));
  // Sorted alike as a rule; but an ARN sorts elsewhere than the name that it stands for.
  const left = [...live];
  return declared.every((item) => {
    const found = left.findIndex((other) => sameValue(item, other, inner));
    if (found === -1) return false;
    left.splice(found, 1);
    return true;
  });
}
