/** How long we wait before we believe what we see: AWS's reads may lag behind its writes. All in milliseconds. */
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
  /** How long what was seen in AWS need not be asked again for what others do; less than the time between resyncs. */
  readonly freshMs: number;
  /** How long a new object may wait for what it refers to before its status says so: most come with the same apply. */
  readonly silentMs: number;
}

/** What AWS's eventual consistency asks for. */
export const PATIENCE: Patience = {
  lostMs: 5_000,
  goneMs: 3_000,
  ownersMs: 5_000,
  readLagMs: 15_000,
  lookAgainMs: 5_000,
  removalMs: 2_000,
  freshMs: 120_000,
  silentMs: 1_000,
};
