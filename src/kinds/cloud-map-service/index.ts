import type { Kind } from '../../reconcile/kind.ts';
import { rememberedOperation } from '../cloud-map-operation.ts';
import { writeCloudMapTags } from '../cloud-map-tags.ts';
import { actOnDiscoveryService } from './act.ts';
import { desiredDiscoveryService, discoveryServiceReferences } from './desired.ts';
import { planDiscoveryService, planDiscoveryServiceDeletion } from './diff.ts';
import { observeDiscoveryService } from './observe.ts';
import type { CloudMapServiceSpec, CloudMapServiceStatus } from './schema.ts';
import { reportDiscoveryService } from './status.ts';
import type { DiscoveryServiceAction, DiscoveryServiceDesired, DiscoveryServiceObserved } from './types.ts';

/** Services in Cloud Map namespaces, in which the tasks of an EcsService are registered. */
export const cloudMapService: Kind<
  CloudMapServiceSpec,
  CloudMapServiceStatus,
  DiscoveryServiceDesired,
  DiscoveryServiceObserved,
  DiscoveryServiceAction
> = {
  name: 'CloudMapService',
  type: {
    group: 'ecs-operator.dev',
    version: 'v1alpha1',
    kind: 'CloudMapService',
    plural: 'cloudmapservices',
    namespaced: true,
  },
  conditionTypes: [],
  followsDependents: false,
  readsTagsOfExisting: true,
  explicitName: ({ name }) => name ?? undefined,
  references: discoveryServiceReferences,
  desired: desiredDiscoveryService,
  observe: observeDiscoveryService,
  plan: planDiscoveryService,
  planDeletion: planDiscoveryServiceDeletion,
  isDestructive: ({ type }) => type === 'DeleteService',
  describe(action) {
    switch (action.type) {
      case 'CreateService':
      case 'DeleteService':
        return action.type;
      case 'UpdateService':
        return `UpdateService: ${action.changes.join(', ')}`;
      case 'TagResource':
        return `TagResource: ${Object.keys(action.tags).join(', ')}`;
      case 'UntagResource':
        return `UntagResource: ${action.keys.join(', ')}`;
      default:
        return action satisfies never;
    }
  },
  act: actOnDiscoveryService,
  writeTags: ({ arn }, tags, aws) => writeCloudMapTags(arn, tags, aws),
  report: reportDiscoveryService,
  deletionStatus: ({ operation }) => ({
    operation: operation === undefined ? undefined : rememberedOperation(operation),
  }),
};
