import { activeImages, must, mustRun } from './look.ts';
import { ACCOUNT, CLUSTER, SERVICE, taskDefinition } from './objects.ts';
import type { Scenario, Step } from './scenario.ts';

const { serviceRegistries: _none, ...service } = Object(SERVICE.spec);

function image(tag: number): Step {
  return {
    name: `image ${tag} is given`,
    act: ({ kube }) => kube.patch('EcsTaskDefinition', 'api', { spec: taskDefinition(`shop/api:${tag}`).spec ?? {} }),
  };
}

export const historyLimit: Scenario = {
  name: 'history-limit',
  about: 'of former revisions as many stay as revisionHistoryLimit says, and never one that runs goes',
  steps: [
    {
      name: 'everything is applied',
      act: ({ kube }) => {
        const definition = taskDefinition('shop/api:1');
        const limited = { ...definition, spec: { ...definition.spec, revisionHistoryLimit: 2 } };
        return kube.create(ACCOUNT, CLUSTER, limited, { ...SERVICE, spec: service });
      },
    },
    image(2),
    image(3),
  ],
  struckFrom: 'image 3 is given',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:3');
    must(activeImages(hands) === 'shop/api:2,shop/api:3', `ACTIVE are ${activeImages(hands)}`);
  },
};
