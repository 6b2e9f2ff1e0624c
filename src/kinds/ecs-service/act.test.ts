import { expect, test } from 'vitest';
import { AwsCallError } from '../../aws/errors.ts';
import type { AwsSession } from '../../reconcile/kind.ts';
import { type ActInput, actOnService } from './act.ts';
import { identity, SERVICE_ARN, sampleDesired, sampleObject, sampleObserved, sampleService } from './sample-service.ts';
import type { EcsServiceSpec } from './schema.ts';
import type { EcsServiceAction } from './types.ts';

const CREATE: EcsServiceAction = { type: 'CreateService', request: { taskDefinition: 'web:1' }, count: 1 };

async function actOn(
  action: EcsServiceAction,
  over: {
    spec?: EcsServiceSpec;
    incarnation?: number;
    answer?: object;
    error?: Error;
    observed?: ActInput['observed'];
  } = {},
) {
  const sent: { operation: string; input: Record<string, unknown> }[] = [];
  const session: AwsSession = {
    target: { region: 'eu-central-1' },
    signal: new AbortController().signal,
    priority: 'user',
    call: async (operation, input) => {
      // Safe: every input of AWS is an object.
      sent.push({ operation, input: input as unknown as Record<string, unknown> });
      if (over.error !== undefined) throw over.error;
      // Safe: what AWS would answer, as far as it is read.
      return (over.answer ?? { service: sampleService() }) as never;
    },
  };
  const object = sampleObject(over.spec ?? {});
  const observed = await actOnService(
    action,
    {
      object,
      desired: sampleDesired(object),
      identity,
      observed: over.observed ?? sampleObserved(undefined),
      incarnation: over.incarnation ?? 0,
    },
    session,
  );
  return { observed, sent, input: sent[0]?.input ?? {} };
}

test('a creation carries the user’s tags and ours, and a token', async () => {
  const { input, observed } = await actOn(CREATE, { spec: { tags: [{ key: 'team', value: 'a' }] } });
  expect(input).toMatchObject({ cluster: 'prod', serviceName: 'web', desiredCount: 1, taskDefinition: 'web:1' });
  expect(input.tags).toContainEqual({ key: 'team', value: 'a' });
  expect(input.tags).toContainEqual({ key: 'ecs-operator.dev/name', value: 'web' });
  expect(input.clientToken).toMatch(/^[0-9a-f]{32}$/);
  expect(observed.presence).toMatchObject({ state: 'present', arn: SERVICE_ARN });
});

test('the token is the same for the same attempt, and another one after a confirmed loss or for other arguments', async () => {
  const token = async (action: EcsServiceAction, incarnation = 0) =>
    (await actOn(action, { incarnation })).input.clientToken;
  const first = await token(CREATE);
  expect(await token(CREATE)).toBe(first);
  expect(await token(CREATE, 1)).not.toBe(first);
  expect(await token({ ...CREATE, count: 2 })).not.toBe(first);
});

test('AWS’s answer to an update stands for a read, and tags that it leaves out are as they were', async () => {
  const { tags: _none, ...answered } = sampleService({ desiredCount: 5 });
  const { observed, input } = await actOn(
    { type: 'UpdateService', request: { desiredCount: 5 }, changes: [] },
    { observed: sampleObserved(sampleService()), answer: { service: answered } },
  );
  expect(input).toEqual({ cluster: 'prod', service: 'web', desiredCount: 5 });
  expect(observed.service?.desiredCount).toBe(5);
  expect(observed.presence).toMatchObject({ state: 'present', tags: identity.tags });
});

test('tags are folded into what is known', async () => {
  const observed = sampleObserved(sampleService());
  const tagged = await actOn({ type: 'TagResource', arn: SERVICE_ARN, tags: { team: 'a' } }, { observed, answer: {} });
  expect(tagged.observed.presence).toMatchObject({ tags: { ...identity.tags, team: 'a' } });
  const untagged = await actOn(
    { type: 'UntagResource', arn: SERVICE_ARN, keys: ['team'] },
    { observed: tagged.observed, answer: {} },
  );
  expect(untagged.observed.presence).toMatchObject({ tags: identity.tags });
});

test('a deletion stops the tasks too, and of what is gone already it says so', async () => {
  const observed = sampleObserved(sampleService());
  const draining = await actOn(
    { type: 'DeleteService' },
    { observed, answer: { service: sampleService({ status: 'DRAINING' }) } },
  );
  expect(draining.input).toEqual({ cluster: 'prod', service: 'web', force: true });
  expect(draining.observed.presence.state).toBe('leaving');
  const error = new AwsCallError('Service not found.', {
    kind: 'NotFound',
    code: 'ServiceNotFoundException',
    operation: 'ecs.DeleteService',
    effect: 'none',
    missing: 'service',
  });
  const gone = await actOn({ type: 'DeleteService' }, { observed, error });
  expect(gone.observed.presence).toEqual({ state: 'absent', certain: false });
});
