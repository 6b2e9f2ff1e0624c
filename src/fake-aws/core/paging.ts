import { AwsError } from './aws-error.ts';

/** One page of a list, with the token for the next one when there is more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

export interface PageRequest<T> {
  readonly all: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly maxResults: number;
  readonly nextToken?: string | undefined;
  /** AWS's error code for a token that it never gave out. */
  readonly invalidTokenCode?: string;
}

/**
 * Cuts a page out of a list. A token names the last item that was given and its place, so that a list which changes
 * between two pages neither repeats nor hangs.
 * @throws AwsError for a token that is none of ours.
 */
export function pageOf<T>({ all, keyOf, maxResults, nextToken, invalidTokenCode }: PageRequest<T>): Page<T> {
  const start =
    nextToken === undefined || nextToken === '' ? 0 : startAfter({ all, keyOf, nextToken, invalidTokenCode });
  const items = all.slice(start, start + maxResults);
  const last = items.at(-1);
  if (last === undefined || start + items.length >= all.length) return { items };
  const token = Buffer.from(JSON.stringify([start + items.length, keyOf(last)])).toString('base64url');
  return { items, nextToken: token };
}

interface TokenLookup<T> {
  readonly all: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly nextToken: string;
  readonly invalidTokenCode: string | undefined;
}

function startAfter<T>({ all, keyOf, nextToken, invalidTokenCode }: TokenLookup<T>): number {
  const [offset, key] = decode(nextToken) ?? [];
  if (offset === undefined || key === undefined) {
    throw new AwsError({ code: invalidTokenCode ?? 'InvalidParameterException', message: 'Invalid token' });
  }
  const at = all.findIndex((item) => keyOf(item) === key);
  // The last item given was removed meanwhile: go on from where it stood.
  return at === -1 ? Math.max(offset - 1, 0) : at + 1;
}

function decode(token: string): [number, string] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!Array.isArray(value)) return undefined;
    const [offset, key]: unknown[] = value;
    return typeof offset === 'number' && typeof key === 'string' ? [offset, key] : undefined;
  } catch {
    return undefined;
  }
}
