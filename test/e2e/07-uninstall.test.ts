import { beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../harness/wait-for.ts';
import { changesInAws, control, servicesInAws } from './harness/aws.ts';
import { get, helm, kubectl, waitReady } from './harness/kubectl.ts';
import { CHART, deploy, NAMESPACE, operatorIsUp, RELEASE } from './harness/release.ts';

describe('`helm uninstall`', () => {
  beforeAll(async () => {
    await control('calls', 'DELETE');
    await helm('uninstall', RELEASE, `--namespace=${NAMESPACE}`, '--wait', '--timeout=2m');
  });

  test('leaves the objects and their definitions', async () => {
    expect(await get('crd', '--selector=app.kubernetes.io/part-of=ecs-operator')).toHaveLength(6);
    expect(await get('ecssvc', '--namespace=many')).toHaveLength(100);
    expect(await get('awsacct/default')).toHaveLength(1);
  });

  test('leaves AWS as it is', async () => {
    expect(await changesInAws()).toEqual([]);
    expect((await servicesInAws()).filter(({ status }) => status === 'ACTIVE').length).toBeGreaterThan(100);
  });

  test('takes away all else', async () => {
    const mine = `--selector=app.kubernetes.io/instance=${RELEASE}`;
    const kinds = 'all,role,rolebinding,pdb,networkpolicy,serviceaccount';
    // The pods take their time to end, which helm does not wait for.
    await waitFor(() => get(kinds, mine, `--namespace=${NAMESPACE}`), {
      describe: 'nothing of the release is left in its namespace',
      until: (left) => left.length === 0,
    });
    expect(await get('clusterrole,clusterrolebinding', mine)).toEqual([]);
  });

  test('can be undone: a new release finds everything as it was, and changes nothing in AWS', async () => {
    await deploy('install', CHART);
    await operatorIsUp();
    await waitReady('ecs', '--all', '--all-namespaces');
    expect(await changesInAws()).toEqual([]);
  });
});

describe('`kubectl delete namespace`', () => {
  test('ends, also with 100 services in it, and leaves nothing of them in AWS', async () => {
    await kubectl('delete', 'namespace', 'many', 'team', '--timeout=4m');
    const left = (await servicesInAws()).filter(({ status }) => status !== 'INACTIVE');
    expect(left).toEqual([]);
  });
});
