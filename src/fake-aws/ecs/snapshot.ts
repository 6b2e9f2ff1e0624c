import { clusterView } from './cluster-view.ts';
import type { EcsContext } from './context.ts';
import { serviceDeploymentView } from './service-deployments.ts';
import { serviceView } from './service-view.ts';
import { taskDefinitionView } from './task-definitions.ts';
import { taskView } from './task-view.ts';

/** All that ECS holds, as the describe calls would print it, tags included. */
export function snapshotOf(ctx: EcsContext): object {
  const { state } = ctx;
  const clusters = state.clusters.map((cluster) => ({
    ...clusterView(cluster, ['TAGS', 'SETTINGS', 'CONFIGURATIONS', 'STATISTICS', 'ATTACHMENTS']),
    services: [...cluster.services.values()].map((service) => ({
      ...serviceView(ctx, service, { tags: true }),
      serviceDeployments: service.serviceDeployments.map(serviceDeploymentView),
    })),
    tasks: [...cluster.tasks.values()].map(taskView),
    containerInstances: [...cluster.instances.keys()],
  }));
  const taskDefinitions = state.taskDefinitions().map((record) => ({
    ...taskDefinitionView(record),
    tags: record.tags,
  }));
  const capacityProviders = [...state.capacityProviders.values()];
  return { clusters, taskDefinitions, capacityProviders };
}
