/**
 * How one reconcile of one object ended, and so when the object is looked at again. A change of the object or of
 * something it depends on wakes it in any case, at once.
 */
export type Outcome =
  /** All is as declared. Looked at again after `requeueAfterMs`, or with the next resync when that is left out. */
  | { readonly type: 'settled'; readonly requeueAfterMs?: number }
  /** AWS is at work on what we asked: look again after `requeueAfterMs`. Forgets earlier failures. */
  | { readonly type: 'progressing'; readonly requeueAfterMs: number }
  /**
   * Something else has to change first, and its change wakes us (a reference that does not resolve, a dependency that
   * lags). With `requeueAfterMs` as a net below that; else the next resync.
   */
  | { readonly type: 'waiting'; readonly requeueAfterMs?: number }
  /**
   * A terminal error: nothing that we do helps until spec or dependency change. Tried again after `retryAfterMs`, which
   * is long (minutes to hours) and is not shortened by a resync.
   */
  | { readonly type: 'stalled'; readonly retryAfterMs: number }
  /**
   * Something passing went wrong (throttled, unreachable, conflict): again with growing delays, none of them longer than
   * `retryWithinMs` where that is given.
   */
  | { readonly type: 'failed'; readonly error: unknown; readonly retryWithinMs?: number };
