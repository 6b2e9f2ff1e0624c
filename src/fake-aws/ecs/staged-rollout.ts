import type { ServiceDeploymentLifecycleStage } from '@aws-sdk/client-ecs';
import { nowOf } from '../core/scope.ts';
import type { EcsContext } from './context.ts';
import { stopServiceTasks } from './launch.ts';
import { lookAtTime } from './look.ts';
import type { DeploymentRecord, ServiceDeploymentRecord, ServiceRecord } from './records.ts';
import { isActive, takesRoom } from './tasks.ts';

/** The stages of a blue/green, linear or canary deployment, in their order (ServiceDeployment.lifecycleStage). */
const stages = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
] as const satisfies readonly ServiceDeploymentLifecycleStage[];

const minute = 60_000;

interface Stand {
  readonly primary: DeploymentRecord;
  readonly olds: readonly DeploymentRecord[];
  readonly wanted: number;
}

/**
 * Moves a staged rollout on as far as time and tasks allow; the former revision keeps its tasks until the last stage.
 * @returns whether the new revision may have its tasks by now.
 */
export function advanceStage(ctx: EcsContext, service: ServiceRecord, stand: Stand): boolean {
  const current = stand.primary.serviceDeployment;
  if (!current) return true;
  while (current.stage !== undefined && mayEnd(ctx, current, stand)) {
    if (current.stage === 'PRODUCTION_TRAFFIC_SHIFT' && shiftOn(ctx, current)) continue;
    const next = stages[stages.indexOf(current.stage) + 1];
    current.updatedAt = nowOf(ctx.scope);
    current.stage = next;
    if (next === undefined) break;
    current.stageUntil = ctx.scope.clock.now() + ctx.scope.timers.scaled(stageLength(ctx, current, next));
    if (next === 'PRODUCTION_TRAFFIC_SHIFT') shiftOn(ctx, current);
  }
  if (current.stage === 'CLEAN_UP' || current.stage === undefined) {
    for (const old of stand.olds) stopServiceTasks(ctx, service, { tasks: [...old.tasks].filter(isActive), set: old });
  }
  if (current.stage !== undefined && current.stageUntil > ctx.scope.clock.now()) {
    lookAtTime(ctx, service, current.stageUntil);
  }
  return current.stage === undefined || stages.indexOf(current.stage) >= stages.indexOf('SCALE_UP');
}

function mayEnd(ctx: EcsContext, current: ServiceDeploymentRecord, stand: Stand): boolean {
  if (ctx.scope.clock.now() < current.stageUntil) return false;
  if (current.stage === 'SCALE_UP') {
    const tasks = [...stand.primary.tasks].filter(isActive);
    return tasks.length === stand.wanted && tasks.every(({ healthy }) => healthy);
  }
  if (current.stage === 'CLEAN_UP') return !stand.olds.some(({ tasks }) => [...tasks].some(takesRoom));
  return true;
}

/**
 * Shifts the next part of the production traffic.
 * @returns whether there is more to wait for in this stage.
 */
function shiftOn(ctx: EcsContext, current: ServiceDeploymentRecord): boolean {
  if (current.productionWeight >= 100) return false;
  const { configuration } = current;
  const { canaryConfiguration: canary, linearConfiguration: linear } = configuration;
  let wait = ctx.durations.stage;
  if (configuration.strategy === 'CANARY' && current.productionWeight === 0) {
    current.productionWeight = canary?.canaryPercent ?? 5;
    wait = (canary?.canaryBakeTimeInMinutes ?? 10) * minute;
  } else if (configuration.strategy === 'LINEAR') {
    current.productionWeight = Math.min(current.productionWeight + (linear?.stepPercent ?? 10), 100);
    if (current.productionWeight < 100) wait = (linear?.stepBakeTimeInMinutes ?? 6) * minute;
  } else current.productionWeight = 100;
  current.stageUntil = ctx.scope.clock.now() + ctx.scope.timers.scaled(wait);
  return true;
}

function stageLength(
  ctx: EcsContext,
  current: ServiceDeploymentRecord,
  stage: ServiceDeploymentLifecycleStage,
): number {
  return stage === 'BAKE_TIME' ? (current.configuration.bakeTimeInMinutes ?? 0) * minute : ctx.durations.stage;
}
