import { expect, test } from 'vitest';
import { ec2Task, fargateTask, type Loose, Stage } from './testing.ts';

const run = {
  cluster: 'main',
  taskDefinition: 'web',
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
};

test('a task runs until it is stopped, and can be described for an hour afterwards', () => {
  const stage = new Stage();
  stage.register();
  const { tasks, failures } = stage.call('RunTask', {
    ...run,
    count: 3,
    startedBy: 'me',
    tags: [{ key: 'a', value: 'b' }],
  });
  expect(failures).toEqual([]);
  expect(tasks).toHaveLength(3);
  expect(tasks[0]).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING', group: 'family:web' });
  stage.until('they run', () => stage.tasks().every(({ lastStatus }) => lastStatus === 'RUNNING'));
  const [{ taskArn, attachments, containers }] = stage.tasks('RUNNING', { startedBy: 'me' }) as Loose;
  expect(attachments[0]).toMatchObject({ type: 'ElasticNetworkInterface', status: 'ATTACHED' });
  expect(containers[0]).toMatchObject({ name: 'web', image: 'nginx:1', lastStatus: 'RUNNING' });
  stage.call('StopTask', { cluster: 'main', task: taskArn, reason: 'enough' });
  stage.until('it stopped', () => stage.tasks('STOPPED')[0]?.lastStatus === 'STOPPED');
  expect(stage.tasks('STOPPED')).toMatchObject([{ stopCode: 'UserInitiated', stoppedReason: 'enough' }]);
  stage.clock.advance(3_600_000);
  expect(stage.tasks('STOPPED')).toEqual([]);
  expect(stage.call('DescribeTasks', { cluster: 'main', tasks: [taskArn] }).failures).toMatchObject([
    { reason: 'MISSING' },
  ]);
});

test('the same token runs the same tasks once; with other arguments it is refused', () => {
  const stage = new Stage();
  stage.register();
  const first = stage.call('RunTask', { ...run, clientToken: 'once' });
  const again = stage.call('RunTask', { ...run, clientToken: 'once' });
  expect(again.tasks[0].taskArn).toBe(first.tasks[0].taskArn);
  expect(stage.refusal('RunTask', { ...run, clientToken: 'once', count: 2 })).toContain('ConflictException');
});

test('what finds no place is a failure, not an error', () => {
  const stage = new Stage();
  stage.register(ec2Task());
  stage.controls.addContainerInstances({ cluster: 'main', count: 1, cpu: 512, memory: 100 });
  const { tasks, failures } = stage.call('RunTask', { cluster: 'main', taskDefinition: 'agent', count: 2 });
  expect(tasks).toHaveLength(1);
  expect(failures).toEqual([{ reason: 'RESOURCE:MEMORY' }]);
});

test.each<[string, object, string]>([
  ['11 tasks', { count: 11 }, 'count must be between'],
  ['an override of no container', { overrides: { containerOverrides: [{ name: 'x' }] } }, 'is not a container'],
  ['a task definition that is none', { taskDefinition: 'other' }, 'TaskDefinition not found'],
  ['no network configuration', { networkConfiguration: null }, 'Network Configuration must be provided'],
])('a run with %s is refused', (_, more, words) => {
  const stage = new Stage();
  stage.register();
  expect(stage.refusal('RunTask', { ...run, ...more })).toContain(words);
});

test('tags are put, replaced and taken away on everything that has an ARN', () => {
  const stage = new Stage();
  const definition = stage.register();
  const { serviceArn } = stage.create();
  const [{ taskArn }] = stage.call('RunTask', run).tasks;
  const [instance] = stage.controls.addContainerInstances({ cluster: 'main', count: 1 });
  const cluster = 'arn:aws:ecs:eu-central-1:123456789012:cluster/main';
  for (const resourceArn of [cluster, definition, serviceArn, taskArn, instance]) {
    const tags = [
      { key: 'a', value: '1' },
      { key: 'b', value: '1' },
    ];
    stage.call('TagResource', { resourceArn, tags });
    stage.call('TagResource', { resourceArn, tags: [{ key: 'a', value: '2' }] });
    stage.call('UntagResource', { resourceArn, tagKeys: ['b', 'unknown'] });
    expect(stage.call('ListTagsForResource', { resourceArn }).tags).toEqual([{ key: 'a', value: '2' }]);
  }
  expect(stage.service().tags).toEqual([{ key: 'a', value: '2' }]);
});

test('tags beyond 50, reserved ones, and tags on what is gone or inactive are refused', () => {
  const stage = new Stage();
  const definition = stage.register();
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ key: `k${from + index}`, value: '' }));
  const tag = (tags: object[], resourceArn = definition) => ({ resourceArn, tags });
  stage.call('TagResource', tag(many(0, 50)));
  stage.call('TagResource', tag(many(0, 50)));
  expect(stage.refusal('TagResource', tag(many(50, 1)))).toContain('maximum number of tags');
  expect(stage.refusal('TagResource', tag([{ key: 'aws:x', value: '' }]))).toContain('reserved');
  expect(stage.refusal('TagResource', tag(many(0, 1), `${definition}9`))).toContain('ResourceNotFoundException');
  expect(stage.refusal('TagResource', tag(many(0, 1), 'web'))).toContain('Invalid resource ARN');
  stage.call('DeregisterTaskDefinition', { taskDefinition: definition });
  expect(stage.refusal('TagResource', tag(many(0, 1)))).toContain('task definition is inactive');
});

test('account settings have defaults and can be set', () => {
  const stage = new Stage();
  const list = (input: object) => stage.call('ListAccountSettings', input).settings;
  expect(list({})).toEqual([]);
  stage.call('PutAccountSettingDefault', { name: 'containerInsights', value: 'enabled' });
  expect(list({})).toMatchObject([{ name: 'containerInsights', value: 'enabled' }]);
  expect(list({ effectiveSettings: true, name: 'taskLongArnFormat' })).toMatchObject([{ value: 'enabled' }]);
  stage.call('CreateCluster', { clusterName: 'seen' });
  const [cluster] = stage.call('DescribeClusters', { clusters: ['seen'], include: ['SETTINGS'] }).clusters;
  expect(cluster.settings).toEqual([{ name: 'containerInsights', value: 'enabled' }]);
});

test('an operation that ECS has not is refused by name', () => {
  expect(new Stage().refusal('MakeCoffee')).toContain('MakeCoffee is not known to ecs');
  expect(new Stage().refusal('constructor')).toContain('UnknownOperationException');
});

test('changes behind the back are there at once, and start no deployment', () => {
  const stage = new Stage();
  stage.register();
  stage.register(fargateTask('nginx:2'));
  stage.create({ taskDefinition: 'web:1' });
  stage.untilDeployed();
  const events = stage.events().length;
  const place = { cluster: 'main', service: 'web' };
  stage.controls.patchService(place, { taskDefinition: 'web:2', tags: [{ key: 'x', value: 'y' }], desiredCount: 3 });
  expect(stage.service()).toMatchObject({ desiredCount: 3, tags: [{ key: 'x', value: 'y' }] });
  expect(stage.service().taskDefinition).toMatch(/web:2$/);
  stage.until('three run', () => stage.service().runningCount === 3);
  expect(stage.service().deployments).toHaveLength(1);
  expect(stage.events().length - events).toBeLessThanOrEqual(2);
  stage.controls.patchTaskDefinition('web:2', { status: 'INACTIVE', tags: [] });
  expect(stage.call('DescribeTaskDefinition', { taskDefinition: 'web:2' }).taskDefinition.status).toBe('INACTIVE');
  stage.controls.patchCluster('main', { settings: [{ name: 'containerInsights', value: 'enabled' }] });
  const [cluster] = stage.call('DescribeClusters', { clusters: ['main'], include: ['SETTINGS'] }).clusters;
  expect(cluster.settings).toEqual([{ name: 'containerInsights', value: 'enabled' }]);
  expect(() => stage.controls.hold({ cluster: 'main', service: 'other' })).toThrow('has no service other');
});

test('a snapshot is plain data with all that is held', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  stage.untilDeployed();
  const text = JSON.stringify(stage.fake.snapshot());
  const { ecs } = JSON.parse(text)['123456789012/eu-central-1'];
  expect(ecs.clusters[0].services[0]).toMatchObject({ serviceName: 'web', runningCount: 2 });
  expect(ecs.clusters[0].tasks).toHaveLength(2);
  expect(ecs.taskDefinitions).toMatchObject([{ family: 'web', revision: 1 }]);
});
