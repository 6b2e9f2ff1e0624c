/** What the other side says when it refuses. */
export type Refusal =
  /** AWS: ThrottlingException; Kubernetes: 429 with Retry-After. */
  | 'throttled'
  /** AWS: 500 ServerException; Kubernetes: 500 InternalError. */
  | 'server-error'
  /** Kubernetes: 409 Conflict, as when somebody changed the object a moment ago. */
  | 'conflict'
  /** AWS: AccessDeniedException; Kubernetes: 403. */
  | 'denied'
  /** AWS: ExpiredTokenException. Kubernetes: 401. */
  | 'expired'
  /** Kubernetes: 410 Expired, for a watch that is to go on where the history is gone. */
  | 'gone';

/** Which calls a fault that lasts goes on to hit, besides the one where it strikes. */
export type Reach =
  /** The same operation (AWS), or the same method on the same object (Kubernetes). */
  | 'alike'
  /** Everything on the same side. */
  | 'side';

/** What happens to a call, from the operator's request to the answer. */
export type CallFault =
  | { readonly type: 'crash'; readonly moment: 'before-request' | 'before-answer' | 'after-answer' }
  /** The connection breaks: before the request arrived, or after its effect. */
  | { readonly type: 'lost'; readonly effect: boolean }
  /** Nothing ever comes back. */
  | { readonly type: 'silent'; readonly effect: boolean }
  /** The next `times` calls in reach, or all in reach for `forMs` virtual milliseconds; `effect`: it happened all the same. */
  | {
      readonly type: 'refused';
      readonly by: Refusal;
      readonly effect: boolean;
      readonly reach: Reach;
      readonly times?: number;
      readonly forMs?: number;
    }
  /** Arrives twice, as a retry below us makes it; the second answer is the one that comes. */
  | { readonly type: 'doubled' }
  /** The answer comes so many milliseconds late. */
  | { readonly type: 'slow'; readonly ms: number }
  /** Nothing in reach gets through for so long: the connection breaks before the request arrives. */
  | { readonly type: 'unreachable'; readonly reach: Reach; readonly forMs: number }
  /** AWS's read shows how things stood so many milliseconds ago; with `forMs`, so do all its reads for so long. */
  | { readonly type: 'lagging'; readonly ms: number; readonly forMs?: number }
  /** AWS's batched read answers for all but the last thing that was asked for. */
  | { readonly type: 'partial' }
  /** The process stands still for so long right before this request leaves it, and then goes on. */
  | { readonly type: 'paused'; readonly ms: number };

/**
 * What happens to a watch, at one of its events. Kubernetes never loses an event on a connection that goes on (etcd
 * and the watch cache hand out every revision in order); what may be lost is the end of a connection, and after 410 a
 * list shows only what there is now. So `dropped` breaks the connection, and `compacted` is how changes are coalesced.
 * `twice` is more than Kubernetes does on one connection; after a resume from an older bookmark it looks the same.
 */
export type WatchFault =
  /** The server ends the watch before the event. */
  | { readonly type: 'closed' }
  | { readonly type: 'reset' }
  /** The event is swallowed by a connection that breaks a second later; nothing else arrives on it meanwhile. */
  | { readonly type: 'dropped' }
  /** Half of the event arrives, then the connection breaks. */
  | { readonly type: 'torn' }
  /** Bytes of somebody else (a proxy's page) arrive instead. */
  | { readonly type: 'garbage' }
  /** An ERROR event in the stream, then its end. */
  | { readonly type: 'error'; readonly code: 410 | 500 }
  /** The history is compacted and the connection breaks: resuming gets 410, and a list follows. */
  | { readonly type: 'compacted' }
  | { readonly type: 'twice' }
  /** This watch stands still for so long, while those of other kinds go on. */
  | { readonly type: 'late'; readonly ms: number }
  /** Not a byte ever again, though the connection stays open. */
  | { readonly type: 'mute' };

/** What happens to everything in Kubernetes at once, where a call strikes it. */
export type ServerFault =
  /** The API server goes away for so long: watches break, requests are refused, and its watch history is gone. */
  { readonly type: 'restart'; readonly forMs: number };

export type Fault =
  | { readonly at: 'call'; readonly side: 'kube' | 'aws' | 'any'; readonly only?: CallFilter; readonly does: CallFault }
  | { readonly at: 'call'; readonly side: 'kube'; readonly only?: CallFilter; readonly does: ServerFault }
  | { readonly at: 'event'; readonly does: WatchFault };

/** Which calls a fault makes sense for. */
export type CallFilter = 'reads' | 'writes' | 'lists' | 'batches' | 'watches' | 'all-but-watches' | 'leases';

/** A fault and where it strikes: the index of a call, or of a watch event, counted in the fault-free run. */
export interface PlannedFault {
  /** Its name in the catalogue. */
  readonly name: string;
  readonly fault: Fault;
  readonly index: number;
}
