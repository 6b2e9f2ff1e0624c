import { expect, test } from 'vitest';
import { onceOnly } from './once.ts';
import { confirmedStatus, sampleDesired, sampleObject, sampleObserved, sampleService } from './sample-service.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import type { EcsServiceAction } from './types.ts';

const forced = (request: object = {}): EcsServiceAction => ({
  type: 'UpdateService',
  request: { ...request, forceNewDeployment: true },
  changes: [],
});

function once(action: EcsServiceAction, spec: EcsServiceSpec = {}, status: EcsServiceStatus = confirmedStatus({})) {
  const object = sampleObject(spec, status);
  return onceOnly(action, { object, desired: sampleDesired(object), observed: sampleObserved(sampleService()) });
}

/** As the intent before the call leaves it. */
function starting(spec: EcsServiceSpec, deploymentBefore: string): EcsServiceStatus {
  const { attempt, content: contentHash } = sampleDesired(sampleObject(spec));
  const startedAt = '2026-01-02T03:00:00Z';
  return confirmedStatus({}, { rollout: { contentHash, attempt, state: 'Starting', startedAt, deploymentBefore } });
}

test.each([
  { type: 'CreateService', request: {}, count: 1 },
  { type: 'UpdateService', request: { taskDefinition: 'web:2' }, changes: [] },
  { type: 'TagResource', arn: 'arn', tags: {} },
  { type: 'DeleteService' },
  { type: 'DeregisterTaskDefinition', arn: 'arn' },
] satisfies EcsServiceAction[])('$type may be repeated at once: it does no more the second time', (action) => {
  expect(once(action)).toBeUndefined();
});

test('a registration is told from another one by its content, and is known to have begun by its pending leaf', () => {
  const of = (image: string, applied = 'done') => {
    const spec = { taskDefinitionTemplate: { containerDefinitions: [{ name: 'web', image, memory: 64 }] } };
    const object = sampleObject(spec, { applied: { leaves: { taskDefinition: applied } } });
    const { taskDefinition: _named, ...rest } = object.spec;
    const unnamed = { ...object, spec: rest };
    return onceOnly(
      { type: 'RegisterTaskDefinition' },
      { object: unnamed, desired: sampleDesired(unnamed), observed: sampleObserved(sampleService()) },
    );
  };
  expect(of('a')?.id).toBe(of('a')?.id);
  expect(of('a')?.id).not.toBe(of('b')?.id);
  expect([of('a')?.begun, of('a', '')?.begun]).toEqual([false, true]);
});

test('a forced deployment is told from another one by what it asks and by the restart that asks for it', () => {
  expect(once(forced())?.id).toBe(once(forced())?.id);
  expect(once(forced({ desiredCount: 2 }))?.id).not.toBe(once(forced())?.id);
  expect(once(forced(), { restartedAt: '2026-01-02T03:04:05Z' })?.id).not.toBe(once(forced())?.id);
});

test('a forced deployment is known to have begun while its intent stands and no other deployment is to be seen', () => {
  const spec = { restartedAt: '2026-01-02T03:04:05Z' };
  const live = sampleService().deployments?.[0]?.id ?? '';
  expect(once(forced(), spec)?.begun).toBe(false);
  expect(once(forced(), spec, starting(spec, live))?.begun).toBe(true);
  expect(once(forced(), spec, starting({}, live))?.begun).toBe(false);
  expect(once(forced(), spec, starting(spec, 'ecs-svc/before'))?.begun).toBe(false);
});
