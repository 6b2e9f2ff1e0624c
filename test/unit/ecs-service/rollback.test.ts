import { expect, test } from 'vitest';
import type { EcsServiceSpec } from '../../../src/kinds/ecs-service/schema.ts';
import type { OneService } from './one-service.ts';
import { FARGATE, running } from './scenes.ts';

const BREAKER: EcsServiceSpec = {
  ...FARGATE,
  desiredCount: 2,
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
};
const BROKEN: EcsServiceSpec = { ...BREAKER, taskDefinition: 'web:2' };

function failToPull(web: OneService, match: { image?: string; family?: string }): void {
  web.fake
    .region()
    .ecs.addTaskRule({ match, fate: { kind: 'start-failure', reason: 'CannotPullContainerError: gone' } });
}

/** Tasks of `nginx:2` never start; so AWS's circuit breaker goes back to web:1. */
async function rolledBack(): Promise<OneService> {
  const web = await running(BREAKER);
  failToPull(web, { image: 'nginx:2' });
  web.apply(BROKEN);
  await web.converge();
  return web;
}

test('what the circuit breaker rolled back is tried once, and told with AWS’s reason', async () => {
  const web = await rolledBack();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'False', reason: 'RolledBack' });
  expect(web.condition('Ready')?.message).toContain('circuit breaker');
  expect(web.condition('Stalled')).toMatchObject({ status: 'True', reason: 'RolledBack' });
  expect(web.status.recentFailures?.[0]?.stoppedReason).toContain('CannotPullContainerError');
  expect(web.live().taskDefinition).toMatch(/web:1$/);
  expect(web.events.map(({ reason }) => reason)).toContain('DeploymentFailed');
});

test('it is not tried again by resyncs, nor after a restart', async () => {
  const web = await rolledBack();
  web.forget();
  for (let round = 0; round < 5; round++) {
    web.wait(600);
    if (round === 2) web.restart();
    await web.converge();
  }
  expect(web.wrote()).toEqual([]);
  expect(web.condition('Ready')).toMatchObject({ status: 'False', reason: 'RolledBack' });
});

test('a rollback while the operator was dead is known when it comes back', async () => {
  const web = await running(BREAKER);
  failToPull(web, { image: 'nginx:2' });
  web.fault = (operation) => (operation === 'UpdateService' ? 'after' : undefined);
  web.apply(BROKEN);
  await web.reconcile();
  web.fault = undefined;
  web.wait(3600);
  web.restart();
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.condition('Stalled')).toMatchObject({ reason: 'RolledBack' });
});

test.each<{ what: string; change: EcsServiceSpec }>([
  { what: 'a corrected image', change: { taskDefinition: 'web:3' } },
  { what: 'restartedAt, the image being there now', change: { restartedAt: '2026-01-02T03:04:05Z' } },
  { what: 'another setting, the image being there now', change: { enableECSManagedTags: true } },
])('$what recovers without anyone’s help', async ({ change }) => {
  const web = await rolledBack();
  web.forget();
  if (!('taskDefinition' in change)) web.fake.region().ecs.removeTaskRule();
  web.apply({ ...BROKEN, ...change });
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  expect(web.condition('Stalled')).toBeUndefined();
  expect(web.status.recentFailures).toBeUndefined();
});

test('going back to what runs is no rollout at all', async () => {
  const web = await rolledBack();
  web.forget();
  web.apply(BREAKER);
  await web.converge();
  expect(web.wrote()).toEqual([]);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

test('the same broken revision, asked for again after it was taken back, is another attempt', async () => {
  const web = await rolledBack();
  web.apply(BREAKER);
  await web.converge();
  web.fake.region().ecs.removeTaskRule();
  web.forget();
  web.apply(BROKEN);
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

test('a rolled back change of subnets is not asked for again either', async () => {
  const web = await running(BREAKER);
  failToPull(web, { family: 'web' });
  web.apply({ ...BREAKER, networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-2'] } } });
  await web.converge();
  expect(web.condition('Stalled')).toMatchObject({ reason: 'RolledBack' });
  web.forget();
  web.wait(600);
  web.restart();
  await web.converge();
  expect(web.wrote()).toEqual([]);
});

test('a deployment that the breaker stops without a rollback says so, and a corrected image heals it', async () => {
  const stop = { ...BREAKER, deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } };
  const web = await running(stop);
  failToPull(web, { image: 'nginx:2' });
  web.apply({ ...stop, taskDefinition: 'web:2' });
  await web.converge();
  expect(web.condition('Stalled')).toMatchObject({ reason: 'DeploymentFailed' });
  web.forget();
  web.wait(600);
  await web.converge();
  expect(web.wrote()).toEqual([]);
  web.apply({ ...stop, taskDefinition: 'web:3' });
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

test('without a breaker a deployment that does not get on stalls after its deadline, with the tasks’ reasons', async () => {
  const web = await running({ ...FARGATE, rollout: { progressDeadlineSeconds: 300 } });
  failToPull(web, { image: 'nginx:2' });
  web.apply({ ...FARGATE, taskDefinition: 'web:2', rollout: { progressDeadlineSeconds: 300 } });
  await web.converge(3600);
  expect(web.condition('Stalled')).toMatchObject({ reason: 'ProgressDeadlineExceeded' });
  expect(web.condition('Stalled')?.message).toContain('CannotPullContainerError');
  expect(web.wrote()).toEqual(['UpdateService']);
  web.fake.region().ecs.removeTaskRule();
  web.wait(900);
  await web.converge();
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});
