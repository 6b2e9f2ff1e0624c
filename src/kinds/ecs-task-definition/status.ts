import type { KindReport, Plan, PlanInput } from '../../reconcile/kind.ts';
import { newestFirst, revisionNumber } from './revision.ts';
import type { EcsTaskDefinitionSpec, EcsTaskDefinitionStatus } from './schema.ts';
import type { TaskDefinitionAction, TaskDefinitionDesired, TaskDefinitionObserved } from './types.ts';
import { laggingUser } from './users.ts';

type Input = PlanInput<
  EcsTaskDefinitionSpec,
  EcsTaskDefinitionStatus,
  TaskDefinitionDesired,
  TaskDefinitionObserved
> & {
  readonly plan: Plan<TaskDefinitionAction, EcsTaskDefinitionStatus>;
};

/** As many as the CRD's schema takes. */
const MAX_RECORDS = 100;
/** The services' own changes wake us; this is the net below. Milliseconds. */
const LOOK_AGAIN_MS = 60_000;

/** What a task definition says of itself. Rolled out: every service that refers to it runs this revision. Pure. */
export function reportTaskDefinition({ desired, observed, dependents }: Input): KindReport<EcsTaskDefinitionStatus> {
  const { wanted, own, foreignRevisions } = observed.revisions;
  const records = wanted === undefined ? own : [...own, { arn: wanted.arn, contentHash: desired.revision.contentHash }];
  const fields = {
    family: desired.revision.family,
    ...(wanted === undefined
      ? {}
      : { revision: revisionNumber(wanted.arn), contentHash: desired.revision.contentHash }),
    revisions: newestFirst(records).slice(0, MAX_RECORDS),
    ...(foreignRevisions === 0 ? {} : { foreignRevisions }),
  };
  if (wanted === undefined) {
    const message = 'no revision has this content yet';
    return { fields, conditions: [{ type: 'RolledOut', status: 'False', reason: 'NotRegistered', message }] };
  }
  const lagging = laggingUser(wanted.arn, dependents);
  if (lagging === undefined) {
    const message = 'every EcsService that refers to it runs this revision';
    return { fields, conditions: [{ type: 'RolledOut', status: 'True', reason: 'RolledOut', message }] };
  }
  const { message, stalled } = lagging;
  if (stalled) {
    const problem = { reason: 'ServiceStalled', message };
    return { fields, conditions: [{ type: 'RolledOut', status: 'False', ...problem }], stalled: problem };
  }
  const problem = { reason: 'ServicesRolling', message };
  return {
    fields,
    conditions: [{ type: 'RolledOut', status: 'False', ...problem }],
    progress: { ...problem, pollMs: LOOK_AGAIN_MS },
  };
}
