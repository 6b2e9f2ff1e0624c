import { findCondition } from '../runtime/conditions.ts';
import type { EventNote } from './kind.ts';
import type { CommonStatus } from './types.ts';

/** What to tell by an Event when an object gets stuck, or stuck on something else; undefined while it is as it was. */
export function stalledNote(before: CommonStatus | undefined, now: CommonStatus): EventNote | undefined {
  const stalled = findCondition(now.conditions, 'Stalled');
  if (stalled === undefined) return undefined;
  const { reason, message } = stalled;
  const known = findCondition(before?.conditions, 'Stalled');
  if (reason === known?.reason && message === known.message) return undefined;
  return { type: 'Warning', reason, message };
}
