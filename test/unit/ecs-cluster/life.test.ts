import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import { condition, sampleAccount } from '../../../src/reconcile/sample-objects.ts';
import { EcsWorld, oneCluster, readyCluster } from './scenes.ts';

const THEIRS = { settings: [{ name: 'containerInsights', value: 'enabled' }], tags: [{ key: 'theirs', value: 'x' }] };

describe('a cluster that is there already', () => {
  test('is left alone, and the condition says what to do', async () => {
    const world = new EcsWorld();
    world.aws('CreateCluster', { clusterName: 'main', ...THEIRS });
    const cluster = oneCluster(world);
    cluster.apply({ settings: [{ name: 'containerInsights', value: 'disabled' }] });
    await cluster.converge();
    expect(cluster.condition('Stalled')).toMatchObject({ reason: 'NotOwned' });
    expect(cluster.condition('Ready')?.message).toContain('spec.policy.adoption: Adopt');
    expect(cluster.wrote()).toEqual([]);
    cluster.delete();
    await cluster.converge();
    expect(cluster.gone).toBe(true);
    expect(world.cluster()).toBeDefined();
  });

  test('is left alone too when only CreateCluster tells of it, since the read before it lagged', async () => {
    const world = new EcsWorld();
    world.aws('CreateCluster', { clusterName: 'main', ...THEIRS });
    const cluster = oneCluster(world);
    cluster.answer = (operation, answer) => {
      if (operation !== 'DescribeClusters') return answer;
      cluster.answer = undefined;
      return { clusters: [], failures: [{ arn: 'x', reason: 'MISSING' }] };
    };
    cluster.apply({ settings: [{ name: 'containerInsights', value: 'disabled' }] });
    await cluster.converge();
    expect(cluster.condition('Stalled')).toMatchObject({ reason: 'NotOwned' });
    expect(cluster.wrote()).toEqual(['CreateCluster']);
    expect(world.cluster()).toMatchObject(THEIRS);
  });

  test('is adopted by its tags alone where nothing else differs, and others can refer to it', async () => {
    const world = new EcsWorld();
    world.aws('CreateCluster', { clusterName: 'main', ...THEIRS });
    const cluster = oneCluster(world);
    cluster.apply({ policy: { adoption: 'Adopt' } });
    await cluster.converge();
    expect(cluster.wrote()).toEqual(['TagResource']);
    expect(world.tags()).toMatchObject({ theirs: 'x', 'ecs-operator.dev/uid': 'uid-1' });
    expect(cluster.status).toMatchObject({ adopted: true, name: 'main', account: { region: 'eu-central-1' } });
    cluster.delete();
    await cluster.converge();
    expect([cluster.gone, world.cluster() !== undefined]).toEqual([true, true]);
  });

  test('may be adopted only where the account grants its name', async () => {
    const world = new EcsWorld();
    world.aws('CreateCluster', { clusterName: 'main' });
    const account = sampleAccount('a', { clusters: ['dev-*'] });
    const cluster = oneCluster(world, { around: { accounts: [account] } });
    cluster.apply({ accountRef: { name: 'a' }, policy: { adoption: 'Adopt' } });
    await cluster.converge();
    expect(cluster.condition('Stalled')).toMatchObject({ reason: 'ClusterNotPermitted' });
    expect([...cluster.wrote(), ...cluster.reads]).toEqual([]);
    cluster.around.accounts = [{ ...account, spec: { ...account.spec, clusters: ['main'] } }];
    await cluster.converge();
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
  });
});

describe('a cluster that is gone', () => {
  test('is made anew with all that is declared, and with another incarnation', async () => {
    const { cluster, world } = await readyCluster({ tags: [{ key: 'team', value: 'a' }] });
    world.aws('DeleteCluster', { cluster: 'main' });
    await cluster.converge();
    expect(cluster.wrote()).toEqual(['CreateCluster']);
    expect(world.tags()).toMatchObject({ team: 'a', 'ecs-operator.dev/name': 'main' });
    expect(cluster.status.incarnation).toBe(1);
    expect(cluster.events.map(({ reason }) => reason)).toContain('Lost');
  });

  test('is missed for a while first, when a read only does not show it', async () => {
    const { cluster } = await readyCluster({});
    let hidden = 2;
    cluster.answer = (operation, answer) =>
      operation === 'DescribeClusters' && hidden-- > 0
        ? { clusters: [], failures: [{ arn: 'x', reason: 'MISSING' }] }
        : answer;
    await cluster.reconcile();
    expect(cluster.condition('Ready')).toMatchObject({ status: 'False', reason: 'ConfirmingAbsence' });
    cluster.around.clock.advance(1_000);
    await cluster.reconcile();
    await cluster.converge();
    expect(cluster.wrote()).toEqual([]);
    expect(cluster.condition('Ready')).toMatchObject({ status: 'True' });
    expect(cluster.status.incarnation).toBeUndefined();
  });
});

test('a restored object takes its cluster over, and others can refer to it', async () => {
  const { cluster, world } = await readyCluster({});
  cluster.restore('uid-2');
  await cluster.converge();
  expect(cluster.wrote()).toEqual(['TagResource']);
  expect(world.tags()['ecs-operator.dev/uid']).toBe('uid-2');
  expect(cluster.status).toMatchObject({ name: 'main', arn: world.cluster().clusterArn, ownerUid: 'uid-2' });
});

describe('a deletion', () => {
  test('waits for what others have put into the cluster, in AWS’s words', async () => {
    const { cluster, world } = await readyCluster({});
    world.aws('RegisterTaskDefinition', {
      family: 'x',
      containerDefinitions: [{ name: 'x', image: 'x', memory: 8 }],
    });
    world.aws('CreateService', { cluster: 'main', serviceName: 'theirs', taskDefinition: 'x', desiredCount: 0 });
    cluster.delete();
    await cluster.converge(60);
    expect(cluster.gone).toBe(false);
    expect(cluster.condition('Ready')?.message).toContain('while Services are active');
    world.aws('DeleteService', { cluster: 'main', service: 'theirs' });
    world.clock.advance(600_000);
    await cluster.converge();
    expect([cluster.gone, world.cluster()]).toEqual([true, undefined]);
  });

  test('of what was made with a spec that has become invalid goes on all the same', async () => {
    const { cluster, world } = await readyCluster({});
    cluster.apply({ settings: [{ value: 'enabled' }] });
    await cluster.converge();
    expect(cluster.condition('Stalled')).toMatchObject({ reason: 'InvalidSpec' });
    cluster.delete();
    await cluster.converge();
    expect([cluster.gone, world.cluster()]).toEqual([true, undefined]);
  });

  test('before the first call makes none', async () => {
    const cluster = oneCluster();
    cluster.apply({ accountRef: { name: 'nobody' } });
    await cluster.converge();
    expect(cluster.condition('Ready')).toMatchObject({ reason: 'AccountNotFound' });
    cluster.delete();
    await cluster.converge();
    expect([...cluster.wrote(), ...cluster.reads]).toEqual([]);
  });

  test('while the creation’s answer is lost takes what was made', async () => {
    const world = new EcsWorld();
    const cluster = oneCluster(world);
    cluster.fault = (operation) => (operation === 'CreateCluster' ? 'after' : undefined);
    cluster.apply({});
    await cluster.reconcile();
    cluster.fault = undefined;
    cluster.delete();
    cluster.restart();
    await cluster.converge();
    expect([cluster.gone, world.cluster()]).toEqual([true, undefined]);
  });
});

test('a template of the account names it, and the name stays when the template changes', async () => {
  const world = new EcsWorld();
  const account = sampleAccount('a', { nameTemplate: '{namespace}-{name}' });
  const cluster = oneCluster(world, { around: { accounts: [account] } });
  cluster.apply({ accountRef: { name: 'a' } });
  await cluster.converge();
  expect(cluster.status.name).toBe('shop-main');
  cluster.around.accounts = [
    {
      ...account,
      metadata: { ...account.metadata, generation: 2 },
      spec: { ...account.spec, nameTemplate: 'x-{name}' },
      status: { accountId: '123456789012', conditions: [condition('Ready', { observedGeneration: 2 })] },
    },
  ];
  await cluster.converge();
  expect(cluster.status.name).toBe('shop-main');
  expect(cluster.wrote()).toEqual(['CreateCluster']);
});

test('errors say which permission lacks, and a throttled call is shown and tried again', async () => {
  const world = new EcsWorld();
  const { aws } = world.around();
  let refusal: AwsError | undefined = new AwsError({
    code: 'AccessDeniedException',
    message: 'User: x is not authorized to perform: ecs:CreateCluster on resource: *',
    httpStatus: 400,
  });
  const around = {
    aws: (operation: Parameters<typeof aws>[0], input: object) => {
      if (operation === 'ecs.CreateCluster' && refusal !== undefined) throw refusal;
      return aws(operation, input);
    },
  };
  const other = oneCluster(world, { around });
  other.apply({});
  await other.reconcile();
  expect(other.condition('Stalled')).toMatchObject({ reason: 'AccessDenied' });
  expect(other.condition('Stalled')?.message).toMatch(/; allow ecs:CreateCluster: iam\/core\.json$/);

  refusal = new AwsError({ code: 'ThrottlingException', message: 'Rate exceeded', httpStatus: 400 });
  expect(await other.reconcile()).toMatchObject({ type: 'failed' });
  expect(other.condition('Ready')).toMatchObject({ status: 'False', reason: 'Throttled' });
  expect(other.condition('Reconciling')).toMatchObject({ status: 'True' });

  refusal = undefined;
  await other.converge();
  expect(other.condition('Ready')).toMatchObject({ status: 'True' });
});
