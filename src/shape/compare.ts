import { type CanonicalRules, canonical, type Names, stableJson } from './canonical.ts';
import { declaredPaths, leafValue, type Place, placeAt } from './leaves.ts';
import { sameValue } from './same-value.ts';
import { isList, type Json, type JsonObject, type Structure } from './shape.ts';

/** A declared leaf that AWS holds otherwise. */
export interface Difference {
  /** Parses back with `parsePath`. */
  readonly path: string;
  readonly declared: Json;
  /** Undefined when AWS holds nothing there. */
  readonly live: Json | undefined;
  /** Must not be shown: see `printDifference`. */
  readonly sensitive: boolean;
}

export interface CompareInput {
  /** What the spec declares, normalised. */
  readonly declared: JsonObject;
  /** What AWS holds, in the request's names (`fromAws`). */
  readonly live: JsonObject;
  readonly shape: Structure;
  readonly rules: CanonicalRules;
  /**
   * Whether AWS confirmed this very value of the leaf before. Then what AWS added inside of it, and a name that cannot
   * be told from an id, are no difference: a default that we do not know of must not make us write forever.
   * Default: never.
   */
  readonly confirmed?: (path: string) => boolean;
  readonly names?: Names;
}

/**
 * Where AWS holds otherwise than declared. Only declared leaves are looked at: what a spec leaves out is AWS's, or
 * somebody else's, business (rule 4 of the design). Sorted by path.
 */
export function compareDeclared(input: CompareInput): readonly Difference[] {
  const { declared, live, shape, rules, confirmed = () => false, names = NO_NAMES } = input;
  const ours = canonical(declared, shape, rules);
  const theirs = canonical(live, shape, rules);
  const differences: Difference[] = [];
  for (const path of declaredPaths(declared, shape)) {
    const place = placeAt(shape, path);
    const leaf = leafValue(declared, path, place) ?? null;
    const held = leafValue(theirs, path, place);
    const same = declaresNothing(leaf, place)
      ? held !== undefined || !declaresPresence(place)
      : sameValue(leafValue(ours, path, place), held, {
          shape: place.shape,
          memberName: place.memberName,
          rules,
          names,
          lenient: confirmed(path),
        });
    if (same) continue;
    differences.push({ path, declared: leaf, live: leafValue(live, path, place), sensitive: place.sensitive });
  }
  return differences;
}

const NO_NAMES: Names = new Map();

/** An empty object, an empty list of keyed items, an item with its key alone: nothing inside of it is declared. */
function declaresNothing(leaf: Json, { shape, pair }: Place): boolean {
  if (shape.type === 'structure') return !pair;
  return shape.type === 'list' && shape.key !== undefined && isList(leaf) && leaf.length === 0;
}

/** An item has to be there; an empty object only where that says something. */
function declaresPresence({ shape, member }: Place): boolean {
  return shape.type === 'structure' && (member?.shape !== shape || member.presenceMatters);
}

/** A difference for a person to read, in a status, an event or a log: nothing sensitive in it, and nothing long. */
export interface PrintedDifference {
  readonly path: string;
  readonly declared: string;
  readonly live: string;
}

/** @param limit characters of each value, at least 2 */
export function printDifference(difference: Difference, limit = 120): PrintedDifference {
  const { path, sensitive } = difference;
  const print = (value: Json | undefined): string => {
    if (value === undefined) return '(none)';
    if (sensitive) return '(sensitive)';
    const text = typeof value === 'string' ? value : stableJson(value);
    return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  };
  return { path, declared: print(difference.declared), live: print(difference.live) };
}
