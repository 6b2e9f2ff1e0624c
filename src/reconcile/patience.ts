/** How long we wait before we believe what AWS's reads say: they may lag behind its writes. All in milliseconds. */
export interface Patience {
  /** How long something we made has to be missing before it is made anew. */
  readonly lostMs: number;
  /** How long something to be deleted has to be missing before its object is let go. */
  readonly goneMs: number;
  /** How long a second owner has to be seen before it is believed. */
  readonly ownersMs: number;
  /** How long after a change of ours a difference may be a read that lags behind. */
  readonly readLagMs: number;
  /** Pause before such a difference is looked at once more. */
  readonly lookAgainMs: number;
  /** Pause between looks at something that AWS is removing. */
  readonly removalMs: number;
}

/** What AWS's eventual consistency asks for. */
export const PATIENCE: Patience = {
  lostMs: 5_000,
  goneMs: 3_000,
  ownersMs: 5_000,
  readLagMs: 15_000,
  lookAgainMs: 5_000,
  removalMs: 2_000,
};
