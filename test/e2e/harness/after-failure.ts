import { afterEach } from 'vitest';
import { tryKubectl } from './kubectl.ts';

/** What a person would look at. */
const LOOKS = [
  ['get', 'ecs', '--all-namespaces'],
  ['get', 'pods,pdb', '--all-namespaces', '--output=wide'],
  ['get', 'events', '--all-namespaces', '--field-selector=type=Warning'],
  ['logs', '--namespace=ecs-operator', '--selector=app.kubernetes.io/name=ecs-operator', '--tail=30', '--prefix'],
];

// The cluster is gone when somebody reads of the failure.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const args of LOOKS) {
    const { stdout, stderr } = await tryKubectl(...args);
    console.error([`$ kubectl ${args.join(' ')}`, ...`${stdout}${stderr}`.split('\n').slice(-60)].join('\n'));
  }
});
