import { clusterIn, must, mustShow, tagsOf } from './look.ts';
import { SURROUNDINGS } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const updateSurroundings: Scenario = {
  name: 'update-surroundings',
  about: 'changes of a cluster, a Cloud Map namespace and a Cloud Map service, made at once, all reach AWS',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SURROUNDINGS) },
    {
      name: 'everything is changed',
      act: async ({ kube }) => {
        await kube.patch('EcsCluster', 'shop', {
          spec: {
            settings: [{ name: 'containerInsights', value: 'enhanced' }],
            capacityProviders: ['FARGATE'],
            tags: [{ key: 'team', value: 'checkout' }],
          },
        });
        await kube.patch('CloudMapNamespace', 'local', {
          spec: { description: 'the new shop', tags: [{ key: 'stage', value: 'live' }] },
        });
        await kube.patch('CloudMapService', 'api', {
          spec: { description: 'the API', dnsConfig: { dnsRecords: [{ type: 'A', ttl: 60 }] } },
        });
      },
    },
  ],
  struckFrom: 'everything is changed',
  ends: (hands) => {
    hands.kube.expectAllReady();
    const cluster = clusterIn(hands);
    mustShow(cluster, {
      settings: [{ name: 'containerInsights', value: 'enhanced' }],
      capacityProviders: ['FARGATE'],
    });
    mustShow(tagsOf(cluster), { team: 'checkout' });
    const { namespaces, services } = hands.aws.state().servicediscovery;
    must(namespaces.length === 1 && services.length === 1, 'something was made twice');
    mustShow(namespaces[0] ?? {}, { description: 'the new shop' });
    mustShow(namespaces[0]?.tags ?? {}, { stage: 'live' });
    mustShow(services[0] ?? {}, { description: 'the API' });
    must(JSON.stringify(services[0]).includes('60'), 'the new TTL is not there');
  },
};
