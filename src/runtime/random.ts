import { randomBytes } from 'node:crypto';

/** All the chance there is (rule 12 of the design): jitter and identities come from here, so a seed replays a run. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

/** Chance from the operating system. Made once, in main.ts. */
export function systemRandom(): Random {
  return { next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48 };
}

/** The same numbers for the same seed (mulberry32). For the fake and for tests. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

/** `length` random characters of `alphabet`, e.g. for an identity or an AWS-like id. */
export function randomString(random: Random, length: number, alphabet = '0123456789abcdef'): string {
  let text = '';
  for (let i = 0; i < length; i++) text += alphabet[Math.floor(random.next() * alphabet.length)];
  return text;
}
