import type { Kind } from '../../reconcile/kind.ts';
import { tagsOf } from '../tags.ts';
import { actOnCluster } from './act.ts';
import { clusterReferences, desiredCluster } from './desired.ts';
import { planCluster, planClusterDeletion } from './diff.ts';
import { observeCluster } from './observe.ts';
import type { EcsClusterSpec, EcsClusterStatus } from './schema.ts';
import { reportCluster } from './status.ts';
import type { ClusterAction, ClusterDesired, ClusterObserved } from './types.ts';

/** Clusters, with their capacity providers, settings and Service Connect defaults. */
export const ecsCluster: Kind<EcsClusterSpec, EcsClusterStatus, ClusterDesired, ClusterObserved, ClusterAction> = {
  name: 'EcsCluster',
  type: { group: 'ecs-operator.dev', version: 'v1alpha1', kind: 'EcsCluster', plural: 'ecsclusters', namespaced: true },
  conditionTypes: [],
  followsDependents: false,
  explicitName: ({ clusterName }) => clusterName ?? undefined,
  references: clusterReferences,
  desired: desiredCluster,
  observe: ({ desired }, aws) => observeCluster(desired, aws),
  plan: planCluster,
  planDeletion: planClusterDeletion,
  isDestructive: ({ type }) => type === 'DeleteCluster',
  describe(action) {
    switch (action.type) {
      case 'CreateCluster':
      case 'DeleteCluster':
        return action.type;
      case 'UpdateCluster':
      case 'PutClusterCapacityProviders':
        return `${action.type}: ${action.changes.join(', ')}`;
      case 'TagResource':
        return `TagResource: ${Object.keys(action.tags).join(', ')}`;
      case 'UntagResource':
        return `UntagResource: ${action.keys.join(', ')}`;
      default:
        return action satisfies never;
    }
  },
  act: actOnCluster,
  async writeTags({ arn }, tags, aws) {
    await aws.call('ecs.TagResource', { resourceArn: arn, tags: tagsOf(tags) });
  },
  report: reportCluster,
};
