import { type Random, randomString } from '../../../src/runtime/random.ts';

/** A random UUID (version 4). */
export function uuid(random: Random): string {
  const text = randomString(random, 32);
  const variant = '89ab'[Number.parseInt(text[16] ?? '0', 16) % 4];
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`;
}
