import type { Random } from '../../../src/runtime/random.ts';

/** How long each thing on a wire is under way: from `least` to `most`, both included; milliseconds. */
export function latency(random: Random, least: number, most: number): () => number {
  return () => least + Math.floor(random.next() * (most - least + 1));
}
