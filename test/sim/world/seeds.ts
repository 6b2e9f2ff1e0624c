import { type Random, seededRandom } from '../../../src/runtime/random.ts';

/** One of the many streams of chance that a world's seed gives: who draws from one never disturbs another. */
export function stream(seed: number, name: string): Random {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return seededRandom(hash >>> 0);
}
