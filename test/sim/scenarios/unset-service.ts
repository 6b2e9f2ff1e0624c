import { must, mustHaveDeployed, mustShow, serviceIn, tagsOf } from './look.ts';
import { smallShop, TARGET_GROUP } from './objects.ts';
import type { Scenario } from './scenario.ts';

const OPTIONAL = {
  enableExecuteCommand: true,
  healthCheckGracePeriodSeconds: 60,
  loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: 'main', containerPort: 80 }],
  deploymentConfiguration: {
    maximumPercent: 150,
    minimumHealthyPercent: 50,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
  propagateTags: 'SERVICE',
  enableECSManagedTags: true,
  tags: [{ key: 'team', value: 'shop' }],
};

export const unsetService: Scenario = {
  name: 'unset-service',
  about: 'what leaves the spec of a service leaves AWS, once, in one deployment; the count stays as it is',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...smallShop('shop/api:1', OPTIONAL)) },
    {
      name: 'all that can be left out is left out',
      act: ({ kube }) => {
        const nothing = Object.fromEntries(Object.keys(OPTIONAL).map((name) => [name, null]));
        return kube.patch('EcsService', 'api', { spec: { ...nothing, desiredCount: null } });
      },
    },
  ],
  struckFrom: 'all that can be left out is left out',
  ends: (hands) => {
    hands.kube.expectAllReady();
    const service = serviceIn(hands);
    mustShow(service, {
      desiredCount: 2,
      enableExecuteCommand: false,
      loadBalancers: [],
      propagateTags: 'NONE',
      enableECSManagedTags: false,
    });
    must(Object.keys(tagsOf(service)).length === 0, 'the tag is still there');
    must(JSON.stringify(service.deploymentConfiguration).includes('"maximumPercent":200'), 'the maximum is not 200 %');
    mustHaveDeployed(hands, 2);
  },
};
