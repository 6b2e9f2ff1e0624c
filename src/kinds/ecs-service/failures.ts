import type { Task } from '@aws-sdk/client-ecs';
import type { AwsSession } from '../../reconcile/kind.ts';
import { kubeTime } from '../../runtime/clock.ts';
import { tasksNeeded } from './availability.ts';
import { clip } from './clip.ts';
import { primaryDeployment } from './live.ts';
import type { EcsServiceStatus } from './schema.ts';
import type { EcsServiceDesired, EcsServiceObserved, TaskFailure } from './types.ts';

/** As many as status shows. */
const SHOWN = 5;
/** Looked at to find them: tasks that were stopped for scaling in are among them. */
const LOOKED_AT = 20;

/**
 * Whether stopped tasks are worth a look: tasks of the deployment failed since the last one, a rollback was found, or
 * tasks have just become too few.
 */
export function hasTrouble(
  observed: Pick<EcsServiceObserved, 'service' | 'live' | 'history'>,
  status: EcsServiceStatus | undefined,
): boolean {
  if (observed.history?.type === 'rolledBack') return true;
  const primary = primaryDeployment(observed.service);
  const seen = status?.deployment?.id === primary?.id ? (status?.deployment?.failedTasks ?? 0) : 0;
  if ((primary?.failedTasks ?? 0) > seen) return true;
  const rolledOut = status?.rollout?.completedAt !== undefined;
  return rolledOut && status.shortSince === undefined && (observed.service?.runningCount ?? 0) < tasksNeeded(observed);
}

/** The newest tasks that stopped otherwise than by the scheduler's own will. @throws AwsCallError */
export async function readFailures(desired: EcsServiceDesired, aws: AwsSession): Promise<readonly TaskFailure[]> {
  const { cluster, name } = desired;
  const { taskArns = [] } = await aws.call('ecs.ListTasks', {
    cluster,
    serviceName: name,
    desiredStatus: 'STOPPED',
    maxResults: LOOKED_AT,
  });
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await aws.call('ecs.DescribeTasks', { cluster, tasks: taskArns });
  return failuresOf(tasks);
}

/** What is to be shown of stopped tasks, newest first. */
export function failuresOf(tasks: readonly Task[]): readonly TaskFailure[] {
  return tasks
    .filter((task) => task.taskArn !== undefined && !isWanted(task))
    .sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0))
    .slice(0, SHOWN)
    .map(failureOf);
}

/** Somebody asked for the stop, or a deployment or scaling step did. Health checks stop tasks under the same code. */
function isWanted({ stopCode, stoppedReason = '' }: Task): boolean {
  return stopCode === 'UserInitiated' || /^scaling activity initiated/i.test(stoppedReason);
}

function failureOf({ taskArn = '', stoppedReason, stopCode, stoppedAt, containers = [] }: Task): TaskFailure {
  const exitCodes = containers.flatMap(({ name, exitCode, reason }) =>
    name === undefined || (exitCode === undefined && reason === undefined)
      ? []
      : [
          {
            container: name,
            ...(exitCode === undefined ? {} : { exitCode }),
            ...(reason === undefined ? {} : { reason: clip(reason) }),
          },
        ],
  );
  return {
    taskArn,
    ...(stoppedReason === undefined ? {} : { stoppedReason: clip(stoppedReason) }),
    ...(stopCode === undefined ? {} : { stopCode }),
    ...(stoppedAt === undefined ? {} : { stoppedAt: kubeTime(stoppedAt.getTime()) }),
    ...(exitCodes.length === 0 ? {} : { exitCodes }),
  };
}
