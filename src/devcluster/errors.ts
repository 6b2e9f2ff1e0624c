/** Something that a person can put right; the message alone says what, so it is shown without a stack. */
export class DevclusterError extends Error {
  override readonly name = 'DevclusterError';
}

/** What was thrown, in words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed"; what really happened is the cause.
  return error.cause instanceof Error ? error.cause.message : error.message;
}
