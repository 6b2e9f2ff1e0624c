import { activeImages, must, mustHaveDeployed, mustRun } from './look.ts';
import { ACCOUNT, CLUSTER, inlineService, template } from './objects.ts';
import type { Scenario } from './scenario.ts';

const policy = { adoption: 'Adopt' };

export const adoption: Scenario = {
  name: 'adoption',
  about: 'what stands in AWS as declared is adopted by tags alone: no revision, no deployment; it outlives its object',
  before: ({ aws }) => {
    aws.call('ecs', 'CreateCluster', { clusterName: 'shop', ...CLUSTER.spec });
    aws.call('ecs', 'RegisterTaskDefinition', {
      ...template('shop/api:1'),
      family: 'api',
      cpu: '256',
      memory: '512',
    });
    const { clusterRef: _cluster, taskDefinitionTemplate: _template, ...service } = Object(inlineService('').spec);
    aws.call('ecs', 'CreateService', { ...service, cluster: 'shop', serviceName: 'api', taskDefinition: 'api:1' });
  },
  steps: [
    {
      name: 'everything is applied, to be adopted',
      act: ({ kube }) =>
        kube.create(
          { ...ACCOUNT, spec: { ...ACCOUNT.spec, clusters: ['shop'] } },
          { ...CLUSTER, spec: { ...CLUSTER.spec, policy } },
          inlineService('shop/api:1', { policy }),
        ),
    },
  ],
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 1);
    must(activeImages(hands) === 'shop/api:1', 'another revision was made');
    for (const { kind, metadata, status } of hands.kube.objects()) {
      must(kind === 'AwsAccount' || status?.adopted === true, `${kind} ${metadata.name} is not adopted`);
    }
  },
};
