import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elements, member, text } from '../../src/devcluster/json.ts';
import { waitFor } from '../harness/wait-for.ts';
import { control, servicesInAws } from './harness/aws.ts';
import { apply, get, inCluster, kubectl, tryKubectl, waitReady } from './harness/kubectl.ts';
import { cluster, namespace, service, taskDefinition } from './harness/objects.ts';
import { leader, NAMESPACE, OPERATOR, operatorIsUp, operatorPods } from './harness/release.ts';

const SERVICES = 100;

/** Changes what the team's service runs, and waits until it runs. */
async function rollTo(image: string): Promise<void> {
  await apply([taskDefinition({ name: 'web', namespace: 'team', image })]);
  await waitReady('ecstd/web', '--namespace=team');
}

/** How many calls of an operation AWS answered well since it forgot its calls the last time. */
async function answered(operation: string): Promise<number> {
  return Number(member(await control('calls/counts'), 'ecs', operation, 'OK') ?? 0);
}

/** How often a pod's container was started again. */
function restarts(pod: unknown): number {
  return Number(member(elements(member(pod, 'status', 'containerStatuses'))[0], 'restartCount'));
}

/** Kills the operator's process in a pod with SIGKILL, from the node: in the pod it is process 1, which nobody there can kill. */
async function killProcessOf(pod: string): Promise<void> {
  const [first] = await operatorPods();
  const node = text(member(first?.pod, 'spec', 'nodeName')) ?? '';
  const inNode = (...args: readonly string[]) => inCluster('docker', ['exec', node, ...args]);
  const find = ['find', '/proc', '-maxdepth', '2', '-name', 'environ'];
  const found = await inNode(...find, '-exec', 'grep', '-lzx', `HOSTNAME=${pod}`, '{}', '+');
  const pid = /^\/proc\/(\d+)\//.exec(found)?.[1];
  if (pid === undefined) throw new Error(`the process of ${pod} was not found`);
  await inNode('kill', '-KILL', pid);
}

describe('the operator goes on', () => {
  test('when the leading process is killed without a warning: the other one takes over when the Lease has run out', async () => {
    const killed = await waitFor(leader, { describe: 'somebody leads' });
    await killProcessOf(killed);
    await rollTo('example.com/web:2');
    expect(await leader()).not.toBe(killed);
    const [restarted] = (await operatorPods()).filter(({ name }) => name === killed);
    expect(restarts(restarted?.pod)).toBe(1);
    await operatorIsUp();
  });

  test('when the leading pod is deleted: it hands over, and nobody waits for a Lease to run out', async () => {
    const deleted = await waitFor(leader, { describe: 'somebody leads' });
    await kubectl('delete', 'pod', deleted, `--namespace=${NAMESPACE}`);
    await rollTo('example.com/web:3');
    await operatorIsUp();
    expect(await leader()).not.toBe(deleted);
  });
});

describe('a drained node', () => {
  let node = '';

  beforeAll(async () => {
    const [first] = await get('nodes').then((nodes) => nodes.map((one) => text(member(one, 'metadata', 'name'))));
    node = first ?? '';
  });
  afterAll(async () => {
    await kubectl('uncordon', node);
  });

  test('loses one replica; the last one stays until another is ready, which the disruption budget sees to', async () => {
    // There is no other node, so no other pod gets ready and the drain cannot end.
    const { code, stderr } = await tryKubectl('drain', node, `--pod-selector=${OPERATOR}`, '--timeout=15s');
    expect(code).toBe(1);
    expect(stderr).toContain("Cannot evict pod as it would violate the pod's disruption budget");
    const phases = (await operatorPods()).map(({ pod }) => text(member(pod, 'status', 'phase')));
    expect(phases.sort()).toEqual(['Pending', 'Running']);
  });

  test('does not stop the work', async () => {
    await rollTo('example.com/web:4');
  });

  test('gets its replica back when it is uncordoned', async () => {
    await kubectl('uncordon', node);
    await operatorIsUp();
  });
});

describe(`both replicas restarted while ${SERVICES} services are rolling`, () => {
  beforeAll(async () => {
    const names = Array.from({ length: SERVICES }, (_, index) => `web-${index}`);
    await apply([
      namespace('many'),
      cluster('many', 'many'),
      taskDefinition({ name: 'app', namespace: 'many', image: 'example.com/app:1' }),
      ...names.map((name) => service({ name, namespace: 'many', cluster: 'many', runs: { taskDefinition: 'app' } })),
    ]);
    await waitReady('ecs', '--all', '--namespace=many');
  });

  test('every service gets to the new revision, by one deployment each', async () => {
    await control('calls', 'DELETE');
    await apply([taskDefinition({ name: 'app', namespace: 'many', image: 'example.com/app:2' })]);
    await waitFor(() => answered('UpdateService'), {
      describe: 'a part of the services was told',
      until: (told) => told >= 20,
    });
    await kubectl('delete', 'pods', `--selector=${OPERATOR}`, `--namespace=${NAMESPACE}`, '--wait=false');
    expect(await answered('UpdateService')).toBeLessThan(SERVICES);
    await waitReady('ecs', '--all', '--namespace=many');

    const [definition] = await get('ecstd/app', '--namespace=many');
    const revision = text(member(definition, 'status', 'arn'));
    const services = (await servicesInAws()).filter(({ name }) => name.startsWith('web-'));
    expect(services).toHaveLength(SERVICES);
    for (const { name, taskDefinition, deployments, runningCount } of services) {
      expect({ name, taskDefinition, deployments, runningCount }).toEqual({
        name,
        taskDefinition: revision,
        deployments: 2,
        runningCount: 2,
      });
    }
    expect(await answered('RegisterTaskDefinition')).toBe(1);
    expect(await answered('UpdateService')).toBe(SERVICES);
    await operatorIsUp();
  });

  test('a new leader, who cannot know what the former one had used of AWS’s rates, exceeds them for a moment at most', async () => {
    const calls = elements(member(await control('calls?limit=50000&code=ThrottlingException'), 'calls'));
    expect(calls.length).toBeLessThan(SERVICES / 2);
  });

  test('no pod crashed', async () => {
    expect((await operatorPods()).map(({ pod }) => restarts(pod))).toEqual([0, 0]);
  });
});
