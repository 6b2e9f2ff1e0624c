import { createHash } from 'node:crypto';
import type { Operation } from './operations.ts';

/** What makes an attempt the same attempt. */
export interface TokenInput {
  /** The object's UID in Kubernetes. */
  readonly uid: string;
  readonly operation: Operation;
  /** The request without its token. The order of members does not matter, the order of lists does. */
  readonly request: object;
  /** Grows when absence was confirmed, so that a new creation is not taken for the old one. */
  readonly incarnation: number;
}

/**
 * A client token (ECS clientToken, Cloud Map CreatorRequestId): 32 hex characters, the same for the same attempt, also
 * after a restart, and another one for other arguments, since AWS refuses a known token with other arguments.
 */
export function clientToken(input: TokenInput): string {
  const text = JSON.stringify([input.uid, input.operation, input.incarnation, canonical(input.request)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The same value with members in one order, and without those that are undefined (they never reach the wire). */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Date || value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, canonical(member)]),
  );
}
