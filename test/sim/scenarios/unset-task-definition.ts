import { must, mustHaveDeployed, mustRun, tagsOf } from './look.ts';
import { ACCOUNT, CLUSTER, SERVICE, taskDefinition } from './objects.ts';
import type { Scenario } from './scenario.ts';

const { serviceRegistries: _none, ...service } = Object(SERVICE.spec);
const MORE = {
  ...taskDefinition('shop/api:1').spec,
  tags: [{ key: 'team', value: 'shop' }],
  runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
  ephemeralStorage: { sizeInGiB: 40 },
  taskRoleArn: 'arn:aws:iam::123456789012:role/shop-api',
};

export const unsetTaskDefinition: Scenario = {
  name: 'unset-task-definition',
  about: 'what leaves a task definition makes one new revision without it, and one deployment',
  steps: [
    {
      name: 'everything is applied',
      act: ({ kube }) =>
        kube.create(ACCOUNT, CLUSTER, { ...taskDefinition('shop/api:1'), spec: MORE }, { ...SERVICE, spec: service }),
    },
    {
      name: 'all that can be left out is left out',
      act: ({ kube }) =>
        kube.patch('EcsTaskDefinition', 'api', {
          spec: { tags: null, runtimePlatform: null, ephemeralStorage: null, taskRoleArn: null },
        }),
    },
  ],
  struckFrom: 'all that can be left out is left out',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 2);
    const second = hands.aws.state().ecs.taskDefinitions.find(({ revision }) => revision === 2);
    must(second?.taskRoleArn === undefined, 'the role is still there');
    must(Object.keys(tagsOf(second ?? {})).length === 0, 'the tag is still there');
  },
};
