import type { Fault } from './fault.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Every fault by its name. The names stand in replays and regressions: they are not to change.
 * Calls and events are counted apart.
 */
export const CATALOGUE: Readonly<Record<string, Fault>> = {
  'crash-before-request': { at: 'call', side: 'any', does: { type: 'crash', moment: 'before-request' } },
  'crash-before-answer': { at: 'call', side: 'any', only: 'writes', does: { type: 'crash', moment: 'before-answer' } },
  'crash-after-answer': {
    at: 'call',
    side: 'any',
    only: 'all-but-watches',
    does: { type: 'crash', moment: 'after-answer' },
  },

  'request-lost': { at: 'call', side: 'any', does: { type: 'lost', effect: false } },
  'answer-lost': { at: 'call', side: 'any', only: 'writes', does: { type: 'lost', effect: true } },
  'error-before': {
    at: 'call',
    side: 'any',
    does: { type: 'refused', by: 'server-error', effect: false, reach: 'alike', times: 1 },
  },
  'error-after': {
    at: 'call',
    side: 'any',
    only: 'writes',
    does: { type: 'refused', by: 'server-error', effect: true, reach: 'alike', times: 1 },
  },
  'time-out-before': { at: 'call', side: 'any', only: 'all-but-watches', does: { type: 'silent', effect: false } },
  'time-out-after': { at: 'call', side: 'any', only: 'writes', does: { type: 'silent', effect: true } },
  doubled: { at: 'call', side: 'any', only: 'writes', does: { type: 'doubled' } },
  slow: { at: 'call', side: 'any', only: 'all-but-watches', does: { type: 'slow', ms: 8 * SECOND } },

  'throttled-once': {
    at: 'call',
    side: 'any',
    does: { type: 'refused', by: 'throttled', effect: false, reach: 'alike', times: 1 },
  },
  'throttled-often': {
    at: 'call',
    side: 'aws',
    does: { type: 'refused', by: 'throttled', effect: false, reach: 'alike', times: 6 },
  },
  'conflict-once': {
    at: 'call',
    side: 'kube',
    only: 'writes',
    does: { type: 'refused', by: 'conflict', effect: false, reach: 'alike', times: 1 },
  },
  'conflict-storm': {
    at: 'call',
    side: 'kube',
    only: 'writes',
    does: { type: 'refused', by: 'conflict', effect: false, reach: 'side', forMs: 20 * SECOND },
  },
  'access-denied': {
    at: 'call',
    side: 'any',
    does: { type: 'refused', by: 'denied', effect: false, reach: 'alike', forMs: 2 * MINUTE },
  },
  'credentials-expired': {
    at: 'call',
    side: 'aws',
    does: { type: 'refused', by: 'expired', effect: false, reach: 'side', forMs: MINUTE },
  },
  'region-down': { at: 'call', side: 'aws', does: { type: 'unreachable', reach: 'side', forMs: HOUR } },
  'reads-lag': { at: 'call', side: 'aws', only: 'reads', does: { type: 'lagging', ms: 2 * SECOND } },
  'reads-lag-on': {
    at: 'call',
    side: 'aws',
    only: 'reads',
    does: { type: 'lagging', ms: 2.5 * SECOND, forMs: 20 * SECOND },
  },
  'partial-answer': { at: 'call', side: 'aws', only: 'batches', does: { type: 'partial' } },
  'slow-list': { at: 'call', side: 'kube', only: 'lists', does: { type: 'slow', ms: 25 * SECOND } },
  'kube-restart': { at: 'call', side: 'kube', does: { type: 'restart', forMs: 10 * SECOND } },
  'kube-unreachable': { at: 'call', side: 'kube', does: { type: 'unreachable', reach: 'side', forMs: 2 * MINUTE } },
  'lease-lost': {
    at: 'call',
    side: 'kube',
    only: 'leases',
    does: { type: 'unreachable', reach: 'alike', forMs: 40 * SECOND },
  },
  'watch-refused': {
    at: 'call',
    side: 'kube',
    only: 'watches',
    does: { type: 'refused', by: 'gone', effect: false, reach: 'alike', times: 1 },
  },
  'paused-for-long': { at: 'call', side: 'any', only: 'all-but-watches', does: { type: 'paused', ms: 40 * SECOND } },

  'watch-closed': { at: 'event', does: { type: 'closed' } },
  'watch-reset': { at: 'event', does: { type: 'reset' } },
  'watch-dropped': { at: 'event', does: { type: 'dropped' } },
  'watch-torn': { at: 'event', does: { type: 'torn' } },
  'watch-garbage': { at: 'event', does: { type: 'garbage' } },
  'watch-gone': { at: 'event', does: { type: 'error', code: 410 } },
  'watch-error': { at: 'event', does: { type: 'error', code: 500 } },
  'watch-compacted': { at: 'event', does: { type: 'compacted' } },
  'event-twice': { at: 'event', does: { type: 'twice' } },
  'event-late': { at: 'event', does: { type: 'late', ms: 3 * SECOND } },
  'watch-frozen': { at: 'event', does: { type: 'late', ms: 100 * SECOND } },
  'watch-mute': { at: 'event', does: { type: 'mute' } },
};
