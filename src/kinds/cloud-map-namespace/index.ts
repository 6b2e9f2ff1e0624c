import type { Kind } from '../../reconcile/kind.ts';
import { rememberedOperation } from '../cloud-map-operation.ts';
import { writeCloudMapTags } from '../cloud-map-tags.ts';
import { actOnNamespace } from './act.ts';
import { desiredNamespace } from './desired.ts';
import { planNamespace, planNamespaceDeletion } from './diff.ts';
import { observeNamespace } from './observe.ts';
import type { CloudMapNamespaceSpec, CloudMapNamespaceStatus } from './schema.ts';
import { reportNamespace } from './status.ts';
import type { NamespaceAction, NamespaceDesired, NamespaceObserved } from './types.ts';

/** Cloud Map namespaces: HTTP, private DNS and public DNS. */
export const cloudMapNamespace: Kind<
  CloudMapNamespaceSpec,
  CloudMapNamespaceStatus,
  NamespaceDesired,
  NamespaceObserved,
  NamespaceAction
> = {
  name: 'CloudMapNamespace',
  type: {
    group: 'ecs-operator.dev',
    version: 'v1alpha1',
    kind: 'CloudMapNamespace',
    plural: 'cloudmapnamespaces',
    namespaced: true,
  },
  conditionTypes: [],
  followsDependents: false,
  readsTagsOfExisting: true,
  explicitName: ({ name }) => name ?? undefined,
  references: () => [],
  desired: desiredNamespace,
  observe: observeNamespace,
  plan: planNamespace,
  planDeletion: planNamespaceDeletion,
  isDestructive: ({ type }) => type === 'DeleteNamespace',
  describe(action) {
    switch (action.type) {
      case 'CreateNamespace':
      case 'DeleteNamespace':
        return action.type;
      case 'UpdateNamespace':
        return `UpdateNamespace: ${Object.keys(action.change).join(', ')}`;
      case 'TagResource':
        return `TagResource: ${Object.keys(action.tags).join(', ')}`;
      case 'UntagResource':
        return `UntagResource: ${action.keys.join(', ')}`;
      default:
        return action satisfies never;
    }
  },
  act: actOnNamespace,
  writeTags: ({ arn }, tags, aws) => writeCloudMapTags(arn, tags, aws),
  report: reportNamespace,
  deletionStatus: ({ operation }) => ({
    operation: operation === undefined ? undefined : rememberedOperation(operation),
  }),
};
