import type { Plan, PlanInput, Problem } from '../../reconcile/kind.ts';
import { kubeTime } from '../../runtime/clock.ts';
import { topMember } from '../../shape/leaves.ts';
import { planTags } from '../tag-plan.ts';
import { countAtCreation } from './count.ts';
import { effectiveController, judgeDifferences, leavesStrategy } from './drift.ts';
import { primaryDeployment } from './live.ts';
import { type Restart, restartOf } from './restart.ts';
import { rolledBack } from './rollback.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import { givenUp, membersToRollOut, startsDeployment } from './starts.ts';
import { taskDefinitionArgument } from './task-definition.ts';
import { templateArn, templatePrune, templateTags } from './template.ts';
import type { EcsServiceAction, EcsServiceDesired, EcsServiceObserved, RolloutStatus } from './types.ts';
import { updateRequest } from './update.ts';

type Input = PlanInput<EcsServiceSpec, EcsServiceStatus, EcsServiceDesired, EcsServiceObserved>;
type ServicePlan = Plan<EcsServiceAction, EcsServiceStatus>;

/** Pause before AWS's state is read again when it lags behind our own call. Milliseconds. */
const LOOK_AGAIN_MS = 2_000;
const DRAINING_MS = 2_000;

const nothing: ServicePlan = { actions: [], reported: [] };

/** What is to be done now. Pure. */
export function planService(input: Input): ServicePlan {
  const { desired, observed } = input;
  const { presence } = observed;
  if (desired.immutable !== undefined) return { ...nothing, stalled: desired.immutable };
  switch (presence.state) {
    case 'absent':
      return planCreation(input);
    case 'leaving': {
      const waiting = { reason: 'WaitingForRemoval', message: presence.message, pollMs: DRAINING_MS };
      return { ...nothing, waiting };
    }
    case 'present':
      return planUpdate(input, presence.arn, presence.tags);
    default:
      return presence satisfies never;
  }
}

function planCreation(input: Input): ServicePlan {
  const { desired, observed, object } = input;
  if (needsRegistration(desired, observed)) return { actions: [{ type: 'RegisterTaskDefinition' }], reported: [] };
  const argument = desired.taskDefinition && taskDefinitionArgument(desired.taskDefinition, templateArn(observed));
  const request = { ...desired.request, ...(argument === undefined ? {} : { taskDefinition: argument }) };
  const restart = restartOf({
    restartedAt: desired.restartedAt,
    status: object.status,
    primaryId: undefined,
    creating: true,
  });
  return {
    actions: [{ type: 'CreateService', request, count: countAtCreation(desired) }],
    reported: [],
    intent: { rollout: startingRollout(input, undefined), ...restartIntent(restart) },
  };
}

function planUpdate(input: Input, arn: string, liveTags: Readonly<Record<string, string>>): ServicePlan {
  const { desired, observed, object } = input;
  const judge = (path: string) => input.judge(path);
  const drift = { desired, observed, status: object.status };
  const verdicts = judgeDifferences({ ...drift, judge });
  const tags = planTags({ declared: desired.tags, live: liveTags, unset: input.unset, judge });
  const reported = [...verdicts.reported, ...tags.reported];
  const tagging: EcsServiceAction[] = [...templateTags(input)];
  if (Object.keys(tags.set).length > 0) tagging.push({ type: 'TagResource', arn, tags: tags.set });
  if (tags.remove.length > 0) tagging.push({ type: 'UntagResource', arn, keys: tags.remove });

  const rollOut = membersToRollOut(drift, verdicts.apply);
  if (rollOut.length > 0 && observed.history?.type === 'lagging') {
    const message = 'AWS has our deployment, but does not show it on the service yet';
    return { actions: tagging, reported, waiting: { reason: 'LookingAgain', message, pollMs: LOOK_AGAIN_MS } };
  }
  const back = rolledBack(desired, observed.history, object.status);
  const held = back === undefined ? new Set<string>() : new Set(rollOut);
  const changes = verdicts.apply.filter(({ path }) => !held.has(topMember(path)));
  if (changes.some(({ path }) => path === 'taskDefinition') && needsRegistration(desired, observed)) {
    return { actions: [...tagging, { type: 'RegisterTaskDefinition' }], reported };
  }

  const primary = primaryDeployment(observed.service);
  const restart = restartOf({
    restartedAt: desired.restartedAt,
    status: object.status,
    primaryId: primary?.id,
    creating: false,
  });
  const restarting = restart.type === 'due' && back === undefined;
  if (restarting && effectiveController(drift) !== 'ECS') return { ...nothing, reported, stalled: NO_RESTART };
  const update = updateRequest({
    desired,
    observed,
    changes,
    cleared: new Map([...givenUp(drift)].filter(([member]) => !held.has(member))),
    leaveStrategy:
      back === undefined && leavesStrategy(desired.request, observed.live) && judge('launchType') === 'apply',
    force: restarting ? 'restarted' : retries(input, rollOut) ? 'tried again' : undefined,
  });
  const actions: EcsServiceAction[] = [...tagging];
  if (update !== undefined) actions.push({ type: 'UpdateService', ...update });
  if (actions.length > 0) {
    const starts = update !== undefined && Object.keys(update.request).some(isStart);
    const intent = {
      ...(starts ? { rollout: startingRollout(input, primary?.id) } : {}),
      ...(object.status?.restart === undefined || starts ? restartIntent(restart) : {}),
    };
    return { actions, reported, ...(Object.keys(intent).length === 0 ? {} : { intent }) };
  }
  if (verdicts.refused !== undefined) return { actions, reported, stalled: verdicts.refused };
  if (held.size > 0 && back !== undefined) return { actions, reported, stalled: rolledBackProblem(back.reason) };
  return { actions: templatePrune(input), reported };
}

function restartIntent(restart: Restart): Pick<EcsServiceStatus, 'restart'> {
  return restart.type === 'none' ? {} : { restart: restart.restart };
}

function isStart(member: string): boolean {
  return member === 'forceNewDeployment' || startsDeployment(member);
}

function needsRegistration(desired: EcsServiceDesired, observed: EcsServiceObserved): boolean {
  return desired.taskDefinition?.type === 'template' && templateArn(observed) === undefined;
}

/** A deployment that failed and stays: a spec that was changed since may heal it, and AWS does not try by itself. */
function retries({ desired, observed, object }: Input, rollOut: readonly string[]): boolean {
  if (rollOut.length > 0 || primaryDeployment(observed.service)?.rolloutState !== 'FAILED') return false;
  const attempt = object.status?.rollout?.attempt;
  return attempt !== undefined && attempt !== desired.attempt;
}

/** Written before the call that starts it: whatever happens then, it is known what was under way. */
function startingRollout({ desired, object, now }: Input, before: string | undefined): RolloutStatus {
  const known = object.status?.rollout;
  return {
    contentHash: desired.content,
    attempt: desired.attempt,
    state: 'Starting',
    startedAt: kubeTime(now),
    ...(before === undefined ? {} : { deploymentBefore: before }),
    ...(known?.rolledBackDeployment === undefined ? {} : { rolledBackDeployment: known.rolledBackDeployment }),
  };
}

const NO_RESTART: Problem = {
  reason: 'RestartNotPossible',
  message:
    'restartedAt: AWS starts no new deployment for a service under the CODE_DEPLOY or EXTERNAL controller; start one there, and remove restartedAt',
};

function rolledBackProblem(reason: string): Problem {
  return {
    reason: 'RolledBack',
    message: `AWS rolled this revision back: ${reason}; it is not tried again until the spec, what it refers to, or restartedAt changes`,
  };
}
