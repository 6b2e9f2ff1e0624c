import type {
  ContainerInstance,
  DescribeContainerInstancesRequest,
  Failure,
  ListContainerInstancesRequest,
  Resource,
} from '@aws-sdk/client-ecs';
import { pageOf } from '../core/paging.ts';
import { arnOf } from '../core/scope.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { invalidParameter } from './errors.ts';
import { pageSize } from './page-size.ts';
import { resourcesOf } from './placement.ts';
import type { InstanceRecord } from './records.ts';

export function describeContainerInstances(ctx: EcsContext, input: Checked<DescribeContainerInstancesRequest>): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  if (input.containerInstances.length > 100) {
    throw invalidParameter('A maximum of 100 container instances can be described at once.');
  }
  const tags = input.include?.includes('TAGS') ?? false;
  const containerInstances: ContainerInstance[] = [];
  const failures: Failure[] = [];
  for (const reference of input.containerInstances) {
    const arn = reference.startsWith('arn:')
      ? reference
      : arnOf(ctx.scope, 'ecs', `container-instance/${cluster.name}/${reference}`);
    const instance = cluster.instances.get(arn);
    if (instance) containerInstances.push(instanceView(instance, tags));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { containerInstances, failures };
}

export function listContainerInstances(ctx: EcsContext, input: ListContainerInstancesRequest): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  const all = [...cluster.instances.values()].filter(
    ({ status }) => input.status === undefined || status === input.status,
  );
  const maxResults = pageSize(input.maxResults, { usual: 100, most: 100 });
  const page = pageOf({ all, keyOf: ({ arn }) => arn, maxResults, nextToken: input.nextToken });
  return { containerInstanceArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken };
}

function instanceView(instance: InstanceRecord, tags: boolean): ContainerInstance {
  let cpu = instance.cpu;
  let memory = instance.memory;
  let running = 0;
  for (const task of instance.tasks) {
    const used = resourcesOf(task.definition);
    cpu -= used.cpu;
    memory -= used.memory;
    if (task.lastStatus === 'RUNNING') running++;
  }
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.ec2InstanceId,
    version: 1,
    versionInfo: { agentVersion: '1.98.0', dockerVersion: 'DockerVersion: 25.0.8' },
    // The implicit instance stands for as many as are wanted: it never runs out.
    remainingResources: resources(instance.implicit ? instance : { cpu, memory }),
    registeredResources: resources(instance),
    status: instance.status,
    agentConnected: true,
    runningTasksCount: running,
    pendingTasksCount: instance.tasks.size - running,
    attributes: [{ name: 'ecs.availability-zone', value: instance.zone }],
    registeredAt: instance.registeredAt,
    attachments: [],
    tags: tags ? [...instance.tags] : [],
  };
}

function resources({ cpu, memory }: { readonly cpu: number; readonly memory: number }): Resource[] {
  return [
    { name: 'CPU', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: cpu },
    { name: 'MEMORY', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: memory },
  ];
}
