import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ec2Task, fargateTask, type Loose, Stage } from './testing.ts';

const isRunning = ({ lastStatus }: Loose) => lastStatus === 'RUNNING';

test('a new service starts with nothing, gets its tasks within the minute, then is COMPLETED and steady', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  expect(stage.service()).toMatchObject({
    runningCount: 0,
    pendingCount: 0,
    deployments: [
      {
        status: 'PRIMARY',
        desiredCount: 0,
        rolloutState: 'IN_PROGRESS',
        id: expect.stringMatching(/^ecs-svc\/\d{19}$/),
      },
    ],
  });
  stage.clock.advance(10_000);
  expect(stage.service()).toMatchObject({ runningCount: 0, pendingCount: 2 });
  stage.clock.advance(20_000);
  expect(stage.service()).toMatchObject({ runningCount: 2, pendingCount: 0 });
  expect(stage.service().deployments[0].rolloutState).toBe('IN_PROGRESS');
  stage.untilDeployed();
  expect(stage.events()).toEqual([
    '(service web) has reached a steady state.',
    expect.stringMatching(/^\(service web\) \(deployment ecs-svc\/\d+\) deployment completed\.$/),
    expect.stringMatching(/^\(service web\) has started 2 tasks: \(task \w{32}\) \(task \w{32}\)\.$/),
  ]);
  expect(stage.serviceDeployments()).toMatchObject([
    { status: 'SUCCESSFUL', finishedAt: expect.any(Date), sourceServiceRevisions: [] },
  ]);
});

test('a service of no tasks is COMPLETED and steady too', () => {
  const stage = new Stage();
  stage.register();
  stage.create({ desiredCount: 0 });
  stage.untilDeployed();
  expect(stage.events()[0]).toBe('(service web) has reached a steady state.');
});

test('a rollout begins with 0 beside the former deployment, which keeps its counts until new tasks are healthy', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  stage.untilDeployed();
  stage.register(fargateTask('nginx:2'));
  stage.update({ taskDefinition: 'web:2' });
  expect(stage.service().deployments).toMatchObject([
    { status: 'PRIMARY', desiredCount: 0, runningCount: 0, rolloutState: 'IN_PROGRESS' },
    { status: 'ACTIVE', desiredCount: 2, runningCount: 2, rolloutState: 'COMPLETED' },
  ]);
  const [open] = stage.serviceDeployments();
  expect(open).toMatchObject({ status: 'PENDING', sourceServiceRevisions: [{ runningTaskCount: 2 }] });
  expect(stage.service().currentServiceDeployment).toBe(open.serviceDeploymentArn);
  stage.untilDeployed();
  expect(stage.service()).not.toHaveProperty('currentServiceDeployment');
  expect(stage.tasks().map(({ taskDefinitionArn }) => taskDefinitionArn?.split('/')[1])).toEqual(['web:2', 'web:2']);
});

test('during a rolling update the tasks stay between the minimum, rounded up, and the maximum, rounded down', () => {
  const percent = fc.integer({ min: 0, max: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), percent, percent, (desiredCount, least, most) => {
      fc.pre(least <= 100 && most > 100);
      const stage = new Stage();
      stage.register();
      const deploymentConfiguration = { minimumHealthyPercent: least, maximumPercent: most };
      stage.create({ desiredCount, deploymentConfiguration, availabilityZoneRebalancing: 'DISABLED' });
      stage.untilDeployed();
      stage.register(fargateTask('nginx:2'));
      stage.update({ taskDefinition: 'web' });
      const low = Math.ceil((desiredCount * least) / 100);
      const high = Math.floor((desiredCount * most) / 100);
      // With no room above and no slack below AWS cannot go on either.
      const stuck = low === desiredCount && high === desiredCount;
      for (let second = 0; second < (stuck ? 60 : 600); second++) {
        stage.clock.advance(1000);
        const tasks = stage.tasks();
        expect(tasks.filter(isRunning).length).toBeGreaterThanOrEqual(low);
        expect(tasks.length).toBeLessThanOrEqual(Math.max(high, desiredCount));
      }
      expect(stage.service().deployments).toHaveLength(stuck ? 2 : 1);
      if (stuck) expect(stage.events()[0]).toContain('was unable to stop or start tasks during a deployment');
    }),
    { numRuns: 25 },
  );
});

test('a count that changes scales without a deployment', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  stage.untilDeployed();
  stage.update({ desiredCount: 5 });
  stage.until('five run', () => stage.service().runningCount === 5);
  stage.update({ desiredCount: 1 });
  stage.until('one runs', () => stage.service().runningCount === 1);
  expect(stage.service().deployments).toHaveLength(1);
  expect(stage.service().deployments[0].rolloutState).toBe('COMPLETED');
  expect(stage.serviceDeployments()).toHaveLength(1);
});

test('a task that dies is replaced, without a deployment', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  stage.untilDeployed();
  const [killed] = stage.controls.killTasks({ cluster: 'main', service: 'web', exitCode: 137, count: 1 });
  stage.until('two run again', () => stage.tasks().filter(isRunning).length === 2);
  const [stopped] = stage.tasks('STOPPED');
  expect(stopped).toMatchObject({
    taskArn: killed,
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 137 }],
  });
  expect(stage.service().deployments).toHaveLength(1);
});

test('an update in the middle of a rollout supersedes it', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  stage.untilDeployed();
  stage.register(fargateTask('nginx:2'));
  stage.update({ taskDefinition: 'web:2' });
  stage.clock.advance(15_000);
  stage.register(fargateTask('nginx:3'));
  stage.update({ taskDefinition: 'web:3' });
  expect(stage.service().deployments).toHaveLength(3);
  stage.untilDeployed();
  expect(stage.serviceDeployments().map(({ status }) => status)).toEqual(['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL']);
  expect(stage.tasks().every(({ taskDefinitionArn }) => taskDefinitionArn?.endsWith('web:3'))).toBe(true);
});

test('a container health check has to pass before a task counts', () => {
  const stage = new Stage();
  const healthCheck = { command: ['CMD', 'true'], interval: 120 };
  stage.register(fargateTask('a', { containerDefinitions: [{ name: 'web', image: 'a', healthCheck }] }));
  stage.create();
  stage.clock.advance(60_000);
  expect(stage.tasks()[0]).toMatchObject({ lastStatus: 'RUNNING', healthStatus: 'UNKNOWN' });
  expect(stage.service().deployments[0].rolloutState).toBe('IN_PROGRESS');
  stage.untilDeployed();
  expect(stage.tasks()[0]?.healthStatus).toBe('HEALTHY');
});

test('tasks go through the states of AWS, each with a higher version', () => {
  const stage = new Stage();
  const seen: [string, number][] = [];
  stage.fake.onEvent(({ detail, ...event }) => {
    if (event['detail-type'] === 'ECS Task State Change')
      seen.push([String(detail.lastStatus), Number(detail.version)]);
  });
  stage.register();
  const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
  const loadBalancers = [{ targetGroupArn, containerName: 'web', containerPort: 80 }];
  stage.create({ desiredCount: 1, loadBalancers });
  stage.untilDeployed();
  stage.update({ desiredCount: 0 });
  stage.clock.advance(60_000);
  expect(seen).toEqual(
    ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'].map(
      (status, index) => [status, index + 1],
    ),
  );
  const text = stage.events().join('\n');
  for (const part of [
    'registered 1 targets in (target-group',
    'deregistered 1 targets',
    'begun draining connections',
  ]) {
    expect(text).toContain(part);
  }
});

test('a resting service sets no timer, and says again every six hours that it is steady', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  stage.untilDeployed();
  stage.clock.advance(60_000);
  expect(stage.fake.pendingTimers).toBe(0);
  stage.clock.advance(13 * 3_600_000);
  expect(stage.events().filter((text) => text.endsWith('has reached a steady state.'))).toHaveLength(3);
  stage.clock.advance(2000 * 6 * 3_600_000);
  expect(stage.events()).toHaveLength(100);
});

test('a DAEMON has one task on each container instance, also on one that joins', () => {
  const stage = new Stage();
  stage.register(ec2Task());
  stage.controls.addContainerInstances({ cluster: 'main', count: 2 });
  stage.call('CreateService', {
    cluster: 'main',
    serviceName: 'agent',
    taskDefinition: 'agent',
    schedulingStrategy: 'DAEMON',
  });
  stage.untilDeployed('agent');
  const instances = () => stage.tasks().map(({ containerInstanceArn }) => containerInstanceArn);
  expect(new Set(instances()).size).toBe(2);
  const [joined = ''] = stage.controls.addContainerInstances({ cluster: 'main', count: 1 });
  stage.until('three run', () => stage.service('agent').runningCount === 3);
  expect(instances()).toContain(joined);
  expect(stage.service('agent').deploymentConfiguration).toMatchObject({
    maximumPercent: 100,
    minimumHealthyPercent: 0,
  });
  stage.register(ec2Task());
  stage.call('UpdateService', { cluster: 'main', service: 'agent', taskDefinition: 'agent' });
  stage.untilDeployed('agent');
  expect(new Set(instances()).size).toBe(3);
  stage.controls.removeContainerInstances({ cluster: 'main', arns: [joined] });
  stage.until('two run', () => stage.service('agent').runningCount === 2);
});

test('on EC2 a cluster has capacity without end, until it is given instances of its own', () => {
  const stage = new Stage();
  stage.register(ec2Task({ containerDefinitions: [{ name: 'a', image: 'a', memory: 4000, cpu: 1024 }] }));
  const input = { cluster: 'main', serviceName: 'big', taskDefinition: 'agent', desiredCount: 30 };
  stage.call('CreateService', input);
  stage.untilDeployed('big');
  stage.call('DeleteService', { cluster: 'main', service: 'big', force: true });
  stage.until('big is INACTIVE', () => stage.service('big').status === 'INACTIVE');
  stage.clock.advance(60_000);
  expect(stage.call('ListContainerInstances', { cluster: 'main' }).containerInstanceArns).toEqual([]);
  stage.controls.addContainerInstances({ cluster: 'main', count: 1 });
  stage.call('CreateService', { ...input, desiredCount: 5 });
  stage.until('three run', () => stage.service('big').runningCount === 3);
  expect(stage.events('big')[0]).toMatch(
    /was unable to place a task because no container instance met all .*insufficient/,
  );
  stage.controls.addContainerInstances({ cluster: 'main', count: 1 });
  stage.until('all run', () => stage.service('big').runningCount === 5);
});

test('a full cluster starts nothing and says so; when it is freed, the rollout goes on', () => {
  const stage = new Stage();
  stage.register();
  stage.controls.fillCapacity({ cluster: 'main' });
  stage.create();
  stage.clock.advance(600_000);
  expect(stage.service()).toMatchObject({ runningCount: 0, pendingCount: 0 });
  expect(stage.events()[0]).toContain('was unable to place a task. Reason: Capacity is unavailable at this time');
  stage.controls.freeCapacity({ cluster: 'main' });
  stage.untilDeployed();
});

test('a held service does not move until it is released', () => {
  const stage = new Stage();
  stage.register();
  stage.create();
  stage.untilDeployed();
  stage.controls.hold({ cluster: 'main', service: 'web' });
  stage.update({ forceNewDeployment: true });
  stage.clock.advance(600_000);
  expect(stage.service().deployments).toMatchObject([{ desiredCount: 0 }, { runningCount: 2 }]);
  stage.controls.release({ cluster: 'main', service: 'web' });
  stage.untilDeployed();
});

test('tags reach the tasks as propagateTags and managed tags say', () => {
  const stage = new Stage();
  stage.register(fargateTask('a', { tags: [{ key: 'from', value: 'definition' }] }));
  const own = { tags: [{ key: 'from', value: 'service' }], desiredCount: 1 };
  stage.create({ ...own, serviceName: 'a', propagateTags: 'SERVICE', enableECSManagedTags: true });
  stage.create({ ...own, serviceName: 'b', propagateTags: 'TASK_DEFINITION' });
  stage.create({ ...own, serviceName: 'c' });
  stage.untilDeployed('c');
  const tagsOf = (serviceName: string) => stage.tasks('RUNNING', { serviceName })[0]?.tags;
  expect(tagsOf('a')).toEqual([
    { key: 'from', value: 'service' },
    { key: 'aws:ecs:clusterName', value: 'main' },
    { key: 'aws:ecs:serviceName', value: 'a' },
  ]);
  expect(tagsOf('b')).toEqual([{ key: 'from', value: 'definition' }]);
  expect(tagsOf('c')).toEqual([]);
});

test('a thousand services cost nothing once they rest', () => {
  const stage = new Stage();
  stage.register();
  for (let i = 0; i < 1000; i++) stage.create({ serviceName: `s${i}` });
  stage.clock.advance(300_000);
  const states = new Set<string>();
  for (let i = 0; i < 1000; i++) states.add(stage.service(`s${i}`).deployments[0].rolloutState);
  expect([...states]).toEqual(['COMPLETED']);
  expect(stage.fake.pendingTimers).toBe(0);
  expect(stage.call('DescribeClusters', { clusters: ['main'] }).clusters[0]).toMatchObject({
    activeServicesCount: 1000,
    runningTasksCount: 2000,
  });
});
