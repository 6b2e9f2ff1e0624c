import type { KindReport } from '../../reconcile/kind.ts';
import type { EcsClusterStatus } from './schema.ts';
import type { ClusterObserved } from './types.ts';

/** What a cluster says of itself. Pure. */
export function reportCluster({
  observed: { cluster },
}: {
  readonly observed: ClusterObserved;
}): KindReport<EcsClusterStatus> {
  if (cluster === undefined) return { fields: {}, conditions: [] };
  const { status, activeServicesCount, runningTasksCount, pendingTasksCount, registeredContainerInstancesCount } =
    cluster;
  return {
    fields: {
      ...(status !== undefined && { awsStatus: status }),
      ...(activeServicesCount !== undefined && { activeServicesCount }),
      ...(runningTasksCount !== undefined && { runningTasksCount }),
      ...(pendingTasksCount !== undefined && { pendingTasksCount }),
      ...(registeredContainerInstancesCount !== undefined && { registeredContainerInstancesCount }),
    },
    conditions: [],
  };
}
