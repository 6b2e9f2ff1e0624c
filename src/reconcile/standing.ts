import type { AwsCallError } from '../aws/errors.ts';
import type { Problem } from './kind.ts';

/** Where an object stands after one reconcile. What goes into conditions and what the queue does follows from it. */
export type Standing =
  /** AWS holds what the spec asks; what AWS still does about it is the kind's report. */
  | { readonly type: 'inSync' }
  /** A declared leaf differs and policy says to leave it. */
  | { readonly type: 'driftReported'; readonly problem: Problem }
  /** AWS is at work; looked at again after `pollMs`. */
  | { readonly type: 'progressing'; readonly problem: Problem; readonly pollMs: number }
  /** Something else has to change first; its change wakes this object. */
  | { readonly type: 'waiting'; readonly problem: Problem; readonly pollMs?: number }
  /** Changes are due and something keeps us from making them: a pause, read-only mode, a brake. */
  | { readonly type: 'held'; readonly problem: Problem; readonly pollMs?: number }
  /** Only a person, or a change elsewhere, can put it right; tried again slowly. */
  | { readonly type: 'stalled'; readonly problem: Problem }
  /** No answer, throttled, in conflict: tried again soon, with growing pauses. `reading`: nothing was being changed. */
  | { readonly type: 'failed'; readonly problem: Problem; readonly error: Error; readonly reading: boolean };

/** What an error of an AWS call means for the object (rule 9 of the design: an error is a state, not a loop). */
export function standingOf(error: AwsCallError, reading: boolean): Standing {
  const failed = (reason: string): Standing => ({
    type: 'failed',
    problem: { reason, message: error.message },
    error,
    reading,
  });
  switch (error.kind) {
    case 'Invalid':
      return { type: 'stalled', problem: { reason: 'Refused', message: error.message } };
    case 'Denied':
      return { type: 'stalled', problem: { reason: 'AccessDenied', message: error.message } };
    case 'Throttled':
      return failed('Throttled');
    case 'Transient':
      return failed('AwsUnavailable');
    case 'NotFound':
    case 'AlreadyExists':
    case 'Conflict':
      return failed(error.kind);
    default:
      error.kind satisfies never;
      return failed('Failed');
  }
}
