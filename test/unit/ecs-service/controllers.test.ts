import { expect, test } from 'vitest';
import type { EcsServiceSpec } from '../../../src/kinds/ecs-service/schema.ts';
import { FARGATE, newService, running } from './scenes.ts';

const BLUE = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/blue/0123456789abcdef';
const GREEN = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/green/0123456789abcdef';

test('a blue/green service is Ready only when its traffic has shifted and baked', async () => {
  const spec: EcsServiceSpec = {
    ...FARGATE,
    desiredCount: 2,
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 },
    loadBalancers: [
      {
        targetGroupArn: BLUE,
        containerName: 'web',
        containerPort: 80,
        advancedConfiguration: {
          alternateTargetGroupArn: GREEN,
          productionListenerRule: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/1/2/3',
          roleArn: 'arn:aws:iam::123456789012:role/ecsInfrastructureRole',
        },
      },
    ],
  };
  const web = await running(spec);
  web.apply({ ...spec, taskDefinition: 'web:2' });
  await web.converge(300);
  expect(web.condition('Ready')).toMatchObject({ status: 'False', reason: 'RollingOut' });
  expect(web.condition('Stalled')).toBeUndefined();
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  web.forget();
  web.wait(600);
  await web.converge();
  expect([...web.wrote(), web.kubeWrites]).toEqual([0]);
});

test('an EXTERNAL service waits for its task set, and follows it', async () => {
  const web = newService();
  web.apply({ deploymentController: { type: 'EXTERNAL' }, desiredCount: 1 });
  await web.converge();
  expect(web.wrote()).toEqual(['CreateService']);
  expect(web.condition('RolledOut')).toMatchObject({ status: 'False', reason: 'NoTaskSet' });

  const { taskSet } = web.aws('CreateTaskSet', {
    cluster: 'default',
    service: 'web',
    taskDefinition: 'web:1',
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    scale: { unit: 'PERCENT', value: 100 },
  });
  web.aws('UpdateServicePrimaryTaskSet', { cluster: 'default', service: 'web', primaryTaskSet: taskSet.id });
  web.wait(300);
  await web.converge();
  expect(web.condition('Ready'), JSON.stringify(web.status.conditions)).toMatchObject({ status: 'True' });
  expect(web.wrote()).toEqual(['CreateService']);
});

test('a CODE_DEPLOY service that CodeDeploy moved on is left alone, and its count is kept', async () => {
  const spec: EcsServiceSpec = {
    ...FARGATE,
    desiredCount: 2,
    deploymentController: { type: 'CODE_DEPLOY' },
    loadBalancers: [{ targetGroupArn: BLUE, containerName: 'web', containerPort: 80 }],
  };
  const web = newService();
  web.apply(spec);
  await web.converge();
  expect(web.wrote()).toEqual(['CreateService']);
  web.forget();
  web.fake
    .region()
    .ecs.patchService(
      { cluster: 'default', service: 'web' },
      { loadBalancers: [{ targetGroupArn: GREEN, containerName: 'web', containerPort: 80 }] },
    );
  await web.converge();
  expect(web.wrote()).toEqual([]);
  web.apply({ ...spec, desiredCount: 3 });
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.live().desiredCount).toBe(3);
});
