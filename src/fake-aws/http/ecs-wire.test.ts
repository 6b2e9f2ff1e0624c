import {
  ClusterNotFoundException,
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../runtime/virtual-clock.ts';
import { type FakeAwsServer, startFakeAws } from '../server.ts';

let clock: VirtualClock;
let server: FakeAwsServer;
let ecs: ECSClient;

beforeEach(async () => {
  clock = new VirtualClock();
  server = await startFakeAws({ clock });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ecs = new ECSClient({ endpoint: server.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
});
afterEach(async () => {
  ecs.destroy();
  await server.stop();
});

async function runningService(): Promise<void> {
  await ecs.send(new CreateClusterCommand({ clusterName: 'c' }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'f',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image: 'app:1' }],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'c',
      serviceName: 's',
      taskDefinition: 'f',
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    }),
  );
  clock.advance(300_000);
}

async function service(): Promise<Service> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['s'] }));
  return services?.[0] ?? expect.fail('the service is missing');
}

async function control(method: string, path: string, body?: object) {
  const init = { method, ...(body ? { body: JSON.stringify(body) } : {}) };
  const answer = await fetch(`${server.url}/_fake/${path}`, init);
  const json: unknown = await answer.json();
  return { status: answer.status, json };
}

describe('an SDK client of ECS', () => {
  it('sees a service come up, with dates and numbers where they belong', async () => {
    await runningService();
    const found = await service();
    expect(found).toMatchObject({ status: 'ACTIVE', desiredCount: 2, runningCount: 2, createdAt: expect.any(Date) });
    expect(found.deployments).toMatchObject([{ rolloutState: 'COMPLETED', updatedAt: expect.any(Date) }]);
    expect(found.events?.[0]).toMatchObject({
      createdAt: expect.any(Date),
      message: expect.stringContaining('steady state'),
    });
  });

  it('filters by dates', async () => {
    await runningService();
    const list = (createdAt: object) =>
      ecs.send(new ListServiceDeploymentsCommand({ cluster: 'c', service: 's', createdAt }));
    expect((await list({ after: new Date(0) })).serviceDeployments).toHaveLength(1);
    expect((await list({ after: new Date(clock.now() + 1) })).serviceDeployments).toHaveLength(0);
  });

  it('gets errors as the classes that the SDK exports, and failures at HTTP 200', async () => {
    const missing = ecs.send(new DescribeServicesCommand({ cluster: 'none', services: ['s'] }));
    await expect(missing).rejects.toBeInstanceOf(ClusterNotFoundException);
    await ecs.send(new CreateClusterCommand({ clusterName: 'c' }));
    const { failures } = await ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['s'] }));
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  });

  it('is throttled as AWS does, and served again after a while', async () => {
    const create = (i: number) => ecs.send(new CreateClusterCommand({ clusterName: `c${i}` }));
    for (let i = 0; i < 20; i++) await create(i);
    await expect(create(20)).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    clock.advance(1_000);
    await expect(create(20)).resolves.toMatchObject({ cluster: { status: 'ACTIVE' } });
  });

  it('reads a stale service after an update, until the reads catch up', async () => {
    await runningService();
    server.faults.add({ kind: 'stale', ms: 5_000, operation: 'DescribeServices' });
    await service();
    clock.advance(60_000);
    await ecs.send(new UpdateServiceCommand({ cluster: 'c', service: 's', desiredCount: 5 }));
    expect((await service()).desiredCount).toBe(2);
    clock.advance(5_001);
    expect((await service()).desiredCount).toBe(5);
  });

  it('misses a service that was just created while reads are stale', async () => {
    await runningService();
    server.faults.add({ kind: 'stale', ms: 301_000, operation: 'DescribeServices' });
    const { services, failures } = await ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['s'] }));
    expect(services).toEqual([]);
    expect(failures).toMatchObject([{ arn: expect.stringContaining('service/c/s'), reason: 'MISSING' }]);
  });
});

describe('behind the back of every client', () => {
  const place = { cluster: 'c', service: 's' };

  it('tasks are killed', async () => {
    await runningService();
    const { json } = await control('POST', 'tasks/kill', { ...place, count: 1, exitCode: 137 });
    expect(json).toEqual({ killed: [expect.stringContaining(':task/c/')] });
    expect((await service()).runningCount).toBe(1);
    clock.advance(300_000);
    expect((await service()).runningCount).toBe(2);
  });

  it('a service, a task definition and a cluster are changed without a deployment', async () => {
    await runningService();
    const before = await service();
    await control('POST', 'mutate', { ...place, set: { desiredCount: 7, tags: [{ key: 'a', value: 'b' }] } });
    const after = await service();
    expect(after.desiredCount).toBe(7);
    expect(after.deployments?.[0]?.id).toBe(before.deployments?.[0]?.id);
    for (const body of [
      { taskDefinition: 'f:1', set: { status: 'INACTIVE' } },
      { cluster: 'c', set: { tags: [] } },
    ]) {
      expect((await control('POST', 'mutate', body)).status).toBe(200);
    }
    const state = await (await fetch(`${server.url}/_fake/state`)).text();
    expect(state).toContain('INACTIVE');
  });

  it('a service is held, and released', async () => {
    await runningService();
    await control('POST', 'hold', place);
    await ecs.send(new UpdateServiceCommand({ ...place, desiredCount: 3 }));
    clock.advance(300_000);
    expect((await service()).runningCount).toBe(2);
    await control('POST', 'release', place);
    clock.advance(300_000);
    expect((await service()).runningCount).toBe(3);
  });

  it('a deployment fails, and a rule lets tasks fail to start until it is taken back', async () => {
    await runningService();
    await control('POST', 'tasks/rules', {
      match: { service: '^s$' },
      fate: { kind: 'start-failure', reason: 'no image' },
    });
    expect((await control('GET', 'tasks/rules')).json).toMatchObject({
      rules: [{ rule: { match: { service: '^s$' } } }],
    });
    await ecs.send(new UpdateServiceCommand({ ...place, forceNewDeployment: true }));
    clock.advance(60_000);
    expect((await service()).deployments?.[0]).toMatchObject({ rolloutState: 'IN_PROGRESS', runningCount: 0 });
    expect((await control('POST', 'deployments/fail', { ...place, rollback: false })).status).toBe(200);
    expect((await service()).deployments?.[0]).toMatchObject({ rolloutState: 'FAILED' });
    await control('DELETE', 'tasks/rules');
    expect((await control('GET', 'tasks/rules')).json).toEqual({ rules: [] });
  });

  it('capacity, instances and target groups are taken and given', async () => {
    await runningService();
    for (const [path, body] of [
      ['capacity/fill', { cluster: 'c', reason: 'none left' }],
      ['capacity/free', { cluster: 'c' }],
      ['instances', { cluster: 'c', count: 2, cpu: 1024 }],
      ['instances/remove', { cluster: 'c' }],
      ['target-groups/detach', { arn: 'arn:tg' }],
      ['target-groups/attach', { arn: 'arn:tg' }],
    ] as const) {
      expect([path, (await control('POST', path, body)).status]).toEqual([path, 200]);
    }
  });

  it.each([
    ['tasks/kill', { cluster: 'c' }, 'service is missing'],
    ['tasks/kill', { cluster: 'c', service: 'x' }, 'cluster c has no service x'],
    ['tasks/kill', { ...place, count: 'all' }, 'count must be a number'],
    ['tasks/kill', { ...place, colour: 'red' }, 'there is no colour here, only accountId, region, cluster, service'],
    ['tasks/rules', { match: {}, fate: { kind: 'explode' } }, 'kind must be start-failure, exit, unhealthy or hang'],
    ['tasks/rules', { match: { image: '(' }, fate: { kind: 'hang' } }, 'Invalid regular expression'],
    ['mutate', { ...place }, 'set is missing'],
    ['mutate', { ...place, set: { desiredCount: 'many' } }, 'cannot be converted to Integer'],
    ['mutate', { ...place, set: { status: 'GONE' } }, 'there is no status here'],
    ['mutate', { taskDefinition: 'f:9', set: {} }, 'there is no task definition f:9'],
    ['hold', { ...place, region: 'us-east-1' }, 'there is no cluster c'],
  ])('%s with %j is refused: %s', async (path, body, message) => {
    await runningService();
    expect(await control('POST', path, body)).toEqual({
      status: 400,
      json: { message: expect.stringContaining(message) },
    });
  });
});
