import type { Cluster, ClusterField } from '@aws-sdk/client-ecs';
import type { ClusterRecord } from './records.ts';

/** A cluster as DescribeClusters shows it; what is not in `include` is left out or empty. */
export function clusterView(cluster: ClusterRecord, include: readonly ClusterField[]): Cluster {
  const counts = countsOf(cluster);
  const wants = (field: ClusterField) => include.includes(field);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    ...(wants('CONFIGURATIONS') && cluster.configuration ? { configuration: cluster.configuration } : {}),
    status: cluster.status,
    registeredContainerInstancesCount: cluster.instances.size,
    runningTasksCount: counts.running.EC2 + counts.running.FARGATE,
    pendingTasksCount: counts.pending.EC2 + counts.pending.FARGATE,
    activeServicesCount: counts.services.active,
    statistics: wants('STATISTICS') ? statistics(counts) : [],
    tags: wants('TAGS') ? [...cluster.tags] : [],
    settings: wants('SETTINGS') ? [...cluster.settings] : [],
    capacityProviders: [...cluster.capacityProviders],
    defaultCapacityProviderStrategy: [...cluster.defaultStrategy],
    ...(wants('ATTACHMENTS') && cluster.attachmentsStatus ? { attachments: [] } : {}),
    ...(cluster.attachmentsStatus === undefined ? {} : { attachmentsStatus: cluster.attachmentsStatus }),
    ...(cluster.serviceConnectDefaults ? { serviceConnectDefaults: cluster.serviceConnectDefaults } : {}),
  };
}

interface Counts {
  readonly running: { EC2: number; FARGATE: number };
  readonly pending: { EC2: number; FARGATE: number };
  readonly services: { active: number; draining: number };
}

function countsOf(cluster: ClusterRecord): Counts {
  const counts: Counts = {
    running: { EC2: 0, FARGATE: 0 },
    pending: { EC2: 0, FARGATE: 0 },
    services: { active: 0, draining: 0 },
  };
  for (const task of cluster.tasks.values()) {
    const kind = task.launchType === 'FARGATE' ? 'FARGATE' : 'EC2';
    if (task.lastStatus === 'RUNNING') counts.running[kind]++;
    else if (task.desiredStatus === 'RUNNING') counts.pending[kind]++;
  }
  for (const service of cluster.services.values()) {
    if (service.status === 'ACTIVE') counts.services.active++;
    else if (service.status === 'DRAINING') counts.services.draining++;
  }
  return counts;
}

function statistics({ running, pending, services }: Counts): { name: string; value: string }[] {
  return Object.entries({
    runningEC2TasksCount: running.EC2,
    runningFargateTasksCount: running.FARGATE,
    pendingEC2TasksCount: pending.EC2,
    pendingFargateTasksCount: pending.FARGATE,
    activeServiceCount: services.active,
    drainingServiceCount: services.draining,
  }).map(([name, value]) => ({ name, value: String(value) }));
}
