import { beforeAll, describe, expect, test } from 'vitest';
import { member, text } from '../../src/devcluster/json.ts';
import { changesInAws, control, servicesInAws } from './harness/aws.ts';
import { get, helm, kubectl, tryKubectl, waitReady } from './harness/kubectl.ts';
import { NEW_FIELD } from './harness/older-chart.ts';
import { CHART, deploy, NAMESPACE, operatorIsUp, RELEASE } from './harness/release.ts';

/** Asks for a new deployment, by a field that the older version does not have. */
function restart(time: string) {
  return tryKubectl(
    ...['patch', 'ecssvc/web', '--namespace=team', '--type=merge'],
    `--patch=${JSON.stringify({ spec: { [NEW_FIELD]: time } })}`,
  );
}

async function deployments(): Promise<number | undefined> {
  return (await servicesInAws()).find(({ name }) => name === 'web')?.deployments;
}

async function chartOfCrd(): Promise<string | undefined> {
  const [crd] = await get('crd/ecsservices.ecs-operator.dev');
  return text(member(crd, 'metadata', 'labels', 'helm.sh/chart'));
}

describe('an upgrade of the chart', () => {
  beforeAll(async () => {
    await control('calls', 'DELETE');
  });

  test('begins where a field of the new version is not known yet', async () => {
    expect(await chartOfCrd()).toBe('ecs-operator-0.0.1');
    expect((await restart('2026-01-01T00:00:00Z')).stderr).toContain(`unknown field "spec.${NEW_FIELD}"`);
    expect(await deployments()).toBe(1);
  });

  test('`helm upgrade` brings the changed CRDs and the new pods', async () => {
    await deploy('upgrade', CHART);
    await operatorIsUp();
    expect(await chartOfCrd()).not.toBe('ecs-operator-0.0.1');
    await waitReady('ecs', '--all', '--all-namespaces');
  });

  test('changes nothing in AWS', async () => {
    expect(await changesInAws()).toEqual([]);
  });

  test('makes the new field work at once', async () => {
    const { code, stderr } = await restart('2026-01-01T00:00:00Z');
    expect(code, stderr).toBe(0);
    await waitReady('ecssvc/web', '--namespace=team');
    expect(await deployments()).toBe(2);
    expect(await changesInAws()).toEqual(['UpdateService']);
  });

  test('can be taken back with `helm rollback`: objects stay, and AWS is left alone', async () => {
    await control('calls', 'DELETE');
    await helm('rollback', RELEASE, '1', `--namespace=${NAMESPACE}`, '--wait', '--timeout=3m');
    await operatorIsUp();
    expect(await chartOfCrd()).toBe('ecs-operator-0.0.1');
    await waitReady('ecs', '--all', '--all-namespaces');
    expect(await changesInAws()).toEqual([]);
    expect(await deployments()).toBe(2);
  });

  test('and made again', async () => {
    await deploy('upgrade', CHART);
    await operatorIsUp();
    await waitReady('ecs', '--all', '--all-namespaces');
    expect(await changesInAws()).toEqual([]);
    expect(await kubectl('get', 'ecssvc/web', '--namespace=team')).toMatch(/^web +True +2 +2/m);
  });
});
