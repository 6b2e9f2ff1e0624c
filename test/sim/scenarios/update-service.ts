import { mustHaveDeployed, mustShow, serviceIn, tagsOf } from './look.ts';
import { smallShop, TARGET_GROUP } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const updateService: Scenario = {
  name: 'update-service',
  about: 'many changes of a service in one apply make one deployment',
  steps: [
    {
      name: 'everything is applied',
      act: async ({ kube, aws }) => {
        aws.call('servicediscovery', 'CreateHttpNamespace', { Name: 'mesh' });
        await kube.create(...smallShop());
      },
    },
    {
      name: 'the service is changed',
      act: ({ kube }) =>
        kube.patch('EcsService', 'api', {
          spec: {
            desiredCount: 3,
            networkConfiguration: {
              awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'], assignPublicIp: 'ENABLED' },
            },
            enableExecuteCommand: true,
            healthCheckGracePeriodSeconds: 60,
            loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: 'main', containerPort: 80 }],
            serviceConnectConfiguration: { enabled: true, namespace: 'mesh' },
            deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 50 },
            tags: [{ key: 'team', value: 'shop' }],
          },
        }),
    },
  ],
  struckFrom: 'the service is changed',
  ends: (hands) => {
    hands.kube.expectAllReady();
    const service = serviceIn(hands);
    mustShow(service, { desiredCount: 3, enableExecuteCommand: true, healthCheckGracePeriodSeconds: 60 });
    mustShow(tagsOf(service), { team: 'shop' });
    mustHaveDeployed(hands, 2);
  },
};
