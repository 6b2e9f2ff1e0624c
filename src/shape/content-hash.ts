import { hash } from 'node:crypto';
import { type CanonicalRules, canonical, stableJson } from './canonical.ts';
import { declaredPaths, leafValue, placeAt } from './leaves.ts';
import type { Json, JsonObject, Structure } from './shape.ts';

export interface ContentHashInput {
  /** Normalised. */
  readonly value: JsonObject;
  readonly shape: Structure;
  readonly rules: CanonicalRules;
  /** Members that are not part of the content, e.g. `tags`, which change without a new revision. */
  readonly omit?: readonly string[];
}

/**
 * 32 hexadecimal characters, equal when two specs mean the same to AWS. It depends on nothing but what the spec says: a
 * member that a later SDK release adds changes no hash of a spec without it.
 */
export function contentHash({ value, shape, rules, omit = [] }: ContentHashInput): string {
  const isWhole = !omit.some((name) => Object.hasOwn(value, name));
  const content = isWhole ? value : Object.fromEntries(Object.entries(value).filter(([name]) => !omit.includes(name)));
  return hashJson(canonical(content, shape, rules));
}

/** 32 hexadecimal characters, equal for equal JSON, whatever the order of members. */
export function hashJson(value: Json): string {
  return hash('sha256', stableJson(value), 'hex').slice(0, 32);
}

/**
 * Every declared leaf with a short hash of its value, as `status.applied` keeps them: 10 hexadecimal characters, equal
 * when the values mean the same to AWS.
 */
export function leafHashes({ value, shape, rules }: Omit<ContentHashInput, 'omit'>): Readonly<Record<string, string>> {
  const canonicalValue = canonical(value, shape, rules);
  const hashes: Record<string, string> = {};
  for (const path of declaredPaths(value, shape)) {
    // A value that is AWS's default leaves no trace in the canonical form; declared it is all the same.
    const leaf = leafValue(canonicalValue, path, placeAt(shape, path));
    hashes[path] = hashJson(leaf ?? null).slice(0, 10);
  }
  return hashes;
}
