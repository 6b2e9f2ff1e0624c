import type { DesiredCondition } from '../runtime/conditions.ts';
import type { KindReport, Problem } from './kind.ts';
import type { Standing } from './standing.ts';
import type { CommonStatus, DriftEntry } from './types.ts';

export interface SummaryInput {
  readonly standing: Standing;
  /** Undefined when we did not get as far as looking at AWS. */
  readonly report: Pick<KindReport<CommonStatus>, 'conditions' | 'progress' | 'stalled'> | undefined;
  /** As the report has it. */
  readonly drift: readonly DriftEntry[];
  readonly previous: CommonStatus | undefined;
  readonly generation: number;
  /** How often in a row this object failed, this time included; 0 when it did not. */
  readonly failures: number;
  /** The kind's own condition types, kept from `previous` where there is no report. */
  readonly ownTypes: readonly string[];
}

/** How many failures in a row take Ready away from an object whose state in AWS was known to be right. */
const SHOWN_AFTER = 3;

/**
 * The one place where conditions are summed up: Ready is Synced and each of the kind's own; Reconciling and Stalled
 * are there only while they hold, never both (kstatus); Drifted only while it holds.
 */
export function summarise(input: SummaryInput): readonly DesiredCondition[] {
  const { standing, report, drift } = input;
  if (standing.type === 'failed' && standing.reading && input.failures < SHOWN_AFTER && wasReady(input)) {
    // A read that failed tells nothing about AWS: what was known for this generation stays.
    return input.previous?.conditions ?? [];
  }
  const synced = syncedOf(standing);
  const own: readonly DesiredCondition[] = report?.conditions ?? keptConditions(input.previous, input.ownTypes);
  const ready = readyOf(standing, report, synced, own);
  const conditions: DesiredCondition[] = [ready, synced, ...own];
  const stalled = stalledOf(standing, report);
  // What AWS does while all is as asked (an autoscaling step, a replaced task) is nobody's business.
  const quiet = stalled !== undefined || ready.status === 'True';
  const reconciling = quiet ? undefined : reconcilingOf(standing, report);
  if (reconciling !== undefined) conditions.push(positive('Reconciling', reconciling));
  if (stalled !== undefined) conditions.push(positive('Stalled', stalled));
  // Without a look at AWS it is as it was.
  if (report === undefined) conditions.push(...keptConditions(input.previous, ['Drifted']));
  else if (drift.length > 0) conditions.push(positive('Drifted', driftProblem(drift)));
  return conditions;
}

function syncedOf(standing: Standing): DesiredCondition {
  switch (standing.type) {
    case 'inSync':
      return { type: 'Synced', status: 'True', reason: 'InSync', message: 'AWS holds what the spec asks' };
    case 'driftReported':
    case 'progressing':
    case 'waiting':
    case 'held':
    case 'stalled':
      return negative('Synced', standing.problem);
    case 'failed':
      return { type: 'Synced', status: standing.reading ? 'Unknown' : 'False', ...standing.problem };
    default:
      return standing satisfies never;
  }
}

function readyOf(
  standing: Standing,
  report: SummaryInput['report'],
  synced: DesiredCondition,
  own: readonly DesiredCondition[],
): DesiredCondition {
  if (synced.status !== 'True') return { ...synced, type: 'Ready' };
  if (report?.stalled !== undefined && standing.type === 'inSync') return negative('Ready', report.stalled);
  const unmet = own.find((condition) => condition.status !== 'True');
  if (unmet !== undefined) return negative('Ready', unmet);
  return { type: 'Ready', status: 'True', reason: 'Ready', message: 'AWS follows the spec' };
}

function reconcilingOf(standing: Standing, report: SummaryInput['report']): Problem | undefined {
  switch (standing.type) {
    case 'progressing':
    case 'waiting':
    case 'failed':
      return standing.problem;
    case 'inSync':
    case 'driftReported':
      return report?.progress;
    case 'held':
    case 'stalled':
      return undefined;
    default:
      return standing satisfies never;
  }
}

function wasReady({ previous, generation }: SummaryInput): boolean {
  const ready = previous?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && ready.observedGeneration === generation;
}

function stalledOf(standing: Standing, report: SummaryInput['report']): Problem | undefined {
  switch (standing.type) {
    case 'stalled':
      return standing.problem;
    case 'inSync':
    case 'driftReported':
      return report?.stalled;
    default:
      return undefined;
  }
}

/** Without a look at AWS these are as they were, and go on speaking of the generation that they were said about. */
function keptConditions(previous: CommonStatus | undefined, types: readonly string[]): readonly DesiredCondition[] {
  return (previous?.conditions ?? []).filter(({ type }) => types.includes(type));
}

function driftProblem(drift: readonly DriftEntry[]): Problem {
  const paths = drift.slice(0, 5).map(({ path, declared, live }) => `${path} is ${live}, declared ${declared}`);
  const more = drift.length > 5 ? ` and ${drift.length - 5} more` : '';
  return { reason: 'DriftReported', message: `changed in AWS and left so by policy: ${paths.join('; ')}${more}` };
}

function positive(type: string, { reason, message }: Problem): DesiredCondition {
  return { type, status: 'True', reason, message };
}

function negative(type: string, { reason, message }: Problem): DesiredCondition {
  return { type, status: 'False', reason, message };
}
