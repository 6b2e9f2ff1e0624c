import type { DescribeTasksRequest, Failure, ListTasksRequest, Task } from '@aws-sdk/client-ecs';
import { pageOf } from '../core/paging.ts';
import { arnOf } from '../core/scope.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { invalidParameter } from './errors.ts';
import { pageSize } from './page-size.ts';
import type { ClusterRecord, TaskRecord } from './records.ts';
import { taskView } from './task-view.ts';
import { forgetStopped } from './tasks.ts';

export function describeTasks(ctx: EcsContext, input: Checked<DescribeTasksRequest>): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  if (input.tasks.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (input.tasks.length > 100) throw invalidParameter('A maximum of 100 tasks can be described at once.');
  forgetStopped(ctx, cluster);
  const withTags = input.include?.includes('TAGS') ?? false;
  const tasks: Task[] = [];
  const failures: Failure[] = [];
  for (const reference of input.tasks) {
    const task = findTask(cluster, reference);
    if (task) {
      const view = taskView(task);
      tasks.push(withTags ? view : { ...view, tags: [] });
    } else {
      const arn = reference.startsWith('arn:')
        ? reference
        : arnOf(ctx.scope, 'ecs', `task/${cluster.name}/${reference}`);
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { tasks, failures };
}

/** By desired status: RUNNING ones unless stopped ones are asked for. */
export function listTasks(ctx: EcsContext, input: ListTasksRequest): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  forgetStopped(ctx, cluster);
  const { family, startedBy, serviceName, launchType, containerInstance, nextToken } = input;
  // PENDING is allowed and finds nothing: AWS never sets it as a desired status (ListTasks).
  const desired = input.desiredStatus ?? 'RUNNING';
  const service = serviceName === undefined ? undefined : ctx.state.existingService(cluster, serviceName);
  const all = tasksOf(cluster, service).filter(
    (task) =>
      task.desiredStatus === desired &&
      (family === undefined || task.definition.family === family) &&
      (startedBy === undefined || task.startedBy === startedBy) &&
      (launchType === undefined || task.launchType === launchType) &&
      (containerInstance === undefined || task.instance?.arn.endsWith(containerInstance) === true),
  );
  const maxResults = pageSize(input.maxResults, { usual: 100, most: 100 });
  const page = pageOf({ all, keyOf: ({ arn }) => arn, maxResults, nextToken });
  return { taskArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken };
}

/** A task by ARN or id. */
export function findTask(cluster: ClusterRecord, reference: string): TaskRecord | undefined {
  if (reference.startsWith('arn:')) return cluster.tasks.get(reference);
  for (const task of cluster.tasks.values()) if (task.id === reference) return task;
  return undefined;
}

function tasksOf(cluster: ClusterRecord, service: TaskRecord['service']): TaskRecord[] {
  const tasks = [...cluster.tasks.values()];
  return service === undefined ? tasks : tasks.filter((task) => task.service === service);
}
