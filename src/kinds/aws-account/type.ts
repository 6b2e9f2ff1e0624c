import type { ResourceType } from '../../kube/object.ts';

export const awsAccountType: ResourceType = {
  group: 'ecs-operator.dev',
  version: 'v1alpha1',
  kind: 'AwsAccount',
  plural: 'awsaccounts',
  namespaced: false,
};
