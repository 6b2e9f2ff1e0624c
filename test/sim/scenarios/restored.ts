import { activeImages, must, mustHaveDeployed, mustRun } from './look.ts';
import { SHOP } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const restored: Scenario = {
  name: 'restored',
  about: 'objects restored with other UIDs and without their status take over what is in AWS, and nothing rolls',
  steps: [
    { name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) },
    {
      name: 'Kubernetes is restored from a backup',
      act: async ({ kube, world }) => {
        for (const replica of world.replicas) replica.kill();
        for (const { kind, metadata } of SHOP) {
          await kube.patch(kind, metadata.name, { metadata: { finalizers: null } });
          await kube.delete(kind, metadata.name);
        }
        await kube.create(...SHOP);
      },
    },
  ],
  struckFrom: 'Kubernetes is restored from a backup',
  ends: (hands) => {
    hands.kube.expectAllReady();
    mustRun(hands, 'shop/api:1');
    mustHaveDeployed(hands, 1);
    must(activeImages(hands) === 'shop/api:1', 'another revision was made');
    const { namespaces, services } = hands.aws.state().servicediscovery;
    must(namespaces.length === 1 && services.length === 1, 'something was made twice');
  },
  exempt: { finalizers: 'the backup brings objects without their finalizers: here a person takes them away' },
};
