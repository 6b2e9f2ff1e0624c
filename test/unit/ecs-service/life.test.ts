import { describe, expect, test } from 'vitest';
import { FARGATE, newService, running } from './scenes.ts';

test('a service is created with one call, is Ready when AWS completed its deployment, and then left alone', async () => {
  const web = newService();
  web.apply(FARGATE);
  await web.reconcile();
  expect(web.wrote()).toEqual(['CreateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'False', reason: 'RollingOut' });
  await web.converge();
  expect(web.wrote()).toEqual(['CreateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  expect(web.live()).toMatchObject({ desiredCount: 1, runningCount: 1 });
  expect(web.status.deployment?.rolloutState).toBe('COMPLETED');

  web.forget();
  for (let hours = 0; hours < 24; hours += 1) {
    web.wait(3600);
    await web.converge();
  }
  expect(web.wrote()).toEqual([]);
  expect(web.kubeWrites).toBe(0);
  expect(new Set(web.reads)).toEqual(new Set(['DescribeServices']));
});

test('a new image is one update, and Ready comes back only with the new deployment’s completion', async () => {
  const web = await running();
  web.apply({ ...FARGATE, taskDefinition: 'web:2' });
  await web.reconcile();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.condition('RolledOut')).toMatchObject({ status: 'False' });
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  expect(web.live().deployments).toHaveLength(1);
  expect(web.status.currentTaskDefinitionArn).toMatch(/web:2$/);
});

test('an autoscaler’s count stays, and neither it nor a replaced task flips Ready', async () => {
  const web = await running();
  web.aws('UpdateService', { service: 'web', desiredCount: 4 });
  for (let second = 0; second < 120; second += 5) {
    web.wait(5);
    await web.reconcile();
    expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  }
  expect(web.live().desiredCount).toBe(4);
  expect(web.wrote()).toEqual([]);
  const [task] = web.aws('ListTasks', { serviceName: 'web' }).taskArns;
  web.aws('StopTask', { task });
  for (let second = 0; second < 120; second += 5) {
    web.wait(5);
    await web.reconcile();
    expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  }
});

test('a declared count is enforced against whoever changes it', async () => {
  const web = await running({ ...FARGATE, desiredCount: 2 });
  web.aws('UpdateService', { service: 'web', desiredCount: 5 });
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.live().desiredCount).toBe(2);
  web.apply(FARGATE);
  await web.converge();
  expect(web.live().desiredCount).toBe(2);
  expect(web.wrote()).toEqual(['UpdateService']);
});

test('drift that policy says to report is reported and left', async () => {
  const web = await running({ ...FARGATE, desiredCount: 2, policy: { drift: 'Report' } });
  web.aws('UpdateService', { service: 'web', desiredCount: 3 });
  await web.converge();
  expect(web.wrote()).toEqual([]);
  expect(web.condition('Drifted')).toMatchObject({ status: 'True' });
  expect(web.status.drift).toEqual([{ path: 'desiredCount', declared: '2', live: '3' }]);
});

test('a changed task definition behind our back is put back', async () => {
  const web = await running();
  web.aws('UpdateService', { service: 'web', taskDefinition: 'web:3' });
  web.wait(120);
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.live().taskDefinition).toMatch(/web:1$/);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

describe('restartedAt', () => {
  test('starts one deployment, also when the answer was lost and the operator died', async () => {
    const web = await running();
    const [before] = web.live().deployments;
    web.fault = (operation) => (operation === 'UpdateService' ? 'after' : undefined);
    web.apply({ ...FARGATE, restartedAt: '2026-01-02T03:04:05Z' });
    await web.reconcile();
    web.fault = undefined;
    web.restart();
    await web.converge();
    expect(web.wrote()).toEqual(['UpdateService']);
    expect(web.live().deployments[0].id).not.toBe(before.id);
    expect(web.status.restart).toMatchObject({ requestedAt: '2026-01-02T03:04:05Z', done: true });
    expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  });

  test('is asked again when the call never reached AWS', async () => {
    const web = await running();
    web.fault = (operation) => (operation === 'UpdateService' ? 'before' : undefined);
    web.apply({ ...FARGATE, restartedAt: '2026-01-02T03:04:05Z' });
    await web.reconcile();
    web.fault = undefined;
    web.restart();
    await web.converge();
    expect(web.wrote()).toEqual(['UpdateService', 'UpdateService']);
    expect(web.status.restart?.done).toBe(true);
  });
});

test('a creation whose answer was lost makes no second service', async () => {
  const web = newService();
  web.fault = (operation) => (operation === 'CreateService' ? 'after' : undefined);
  web.apply(FARGATE);
  await web.reconcile();
  expect(web.condition('Ready')).toMatchObject({ status: 'False' });
  web.fault = undefined;
  web.restart();
  await web.converge();
  expect(web.wrote()).toEqual(['CreateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

test('a service that somebody deleted is made anew', async () => {
  const web = await running();
  web.aws('DeleteService', { service: 'web', force: true });
  await web.converge();
  expect(web.wrote()).toEqual(['CreateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  expect(web.status.incarnation).toBe(1);
});

test('a restored object takes its service over without rolling it, whatever restartedAt says', async () => {
  const web = await running({ ...FARGATE, restartedAt: '2026-01-02T03:04:05Z' });
  const [before] = web.live().deployments;
  web.restore('uid-2');
  await web.converge();
  expect(web.wrote()).toEqual(['TagResource']);
  expect(web.events.map(({ reason }) => reason)).toContain('TakenOver');
  expect(web.live().deployments[0].id).toBe(before.id);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

test('a deleted object lets go when AWS has drained its service', async () => {
  const web = await running();
  web.delete();
  await web.reconcile();
  expect(web.wrote()).toEqual(['DeleteService']);
  expect(web.gone).toBe(false);
  await web.converge();
  expect(web.gone).toBe(true);
  expect(web.live()).toBeUndefined();
  expect(web.wrote()).toEqual(['DeleteService']);
});

test('an object deleted and made again waits for the old service to drain', async () => {
  const web = await running();
  web.aws('DeleteService', { service: 'web', force: true });
  await web.reconcile();
  expect(web.condition('Ready')).toMatchObject({ status: 'False' });
  expect(web.wrote()).toEqual([]);
});
