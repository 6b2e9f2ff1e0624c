import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { AwsCallError } from './errors.ts';
import { Gateway } from './gateway.ts';
import { awsAnswer, RecordedMetrics, ScriptedSend } from './scripted-send.ts';

const target = { region: 'eu-west-1' };
const never = new AbortController().signal;
const asUser = { signal: never, priority: 'user' } as const;

function setUp(options: { readonly rateScale?: number } = {}) {
  const clock = new VirtualClock();
  const aws = new ScriptedSend();
  const metrics = new RecordedMetrics();
  const fence = { lost: false };
  const gateway = new Gateway({
    send: aws.send,
    clock,
    metrics,
    fence: () => {
      if (fence.lost) throw new Error('the lease is lost');
    },
    ...options,
  });
  return { clock, aws, metrics, fence, gateway };
}

describe('a call through the gateway', () => {
  it('goes out as it is, and its answer comes back', async () => {
    const { aws, gateway, metrics } = setUp();
    aws.answer = () => ({ service: { serviceName: 'web', newMember: 1 }, $metadata: {} });
    const input = { serviceName: 'web', desiredCount: 1 };
    const output = await gateway.call(target, 'ecs.CreateService', input, asUser);
    expect(output.service?.serviceName).toBe('web');
    expect(aws.requests).toMatchObject([{ target, service: 'ecs', operation: 'CreateService', input }]);
    expect(metrics.lines).toEqual(['ecs.CreateService OK 0']);
  });

  it('is one attempt: a failure comes back classified, measured, and is not tried again', async () => {
    const { aws, gateway, metrics } = setUp();
    aws.answer = () => {
      throw awsAnswer('ClusterNotFoundException', 'Cluster not found.');
    };
    const call = gateway.call(target, 'ecs.CreateService', { serviceName: 'web' }, asUser);
    await expect(call).rejects.toMatchObject({ kind: 'NotFound', missing: 'cluster', operation: 'ecs.CreateService' });
    expect(aws.requests).toHaveLength(1);
    expect(metrics.lines).toEqual(['ecs.CreateService ClusterNotFoundException 0']);
  });

  it('does not take an empty answer for a success, except where AWS says nothing', async () => {
    const { aws, gateway } = setUp();
    aws.answer = () => ({ $metadata: { httpStatusCode: 200 } });
    await expect(gateway.call(target, 'ecs.CreateService', { serviceName: 'web' }, asUser)).rejects.toMatchObject({
      kind: 'Transient',
      effect: 'unknown',
    });
    const tagged = gateway.call(target, 'ecs.TagResource', { resourceArn: 'arn', tags: [] }, asUser);
    await expect(tagged).resolves.toBeDefined();
  });

  it('throws what the fence says when the lease is lost on the way to the socket', async () => {
    const { aws, fence, gateway } = setUp();
    aws.answer = ({ check }) => {
      fence.lost = true;
      check?.();
      return { $metadata: {} };
    };
    const call = gateway.call(target, 'ecs.ListServices', { cluster: 'a' }, asUser);
    await expect(call).rejects.toThrow('the lease is lost');
    await expect(call).rejects.not.toBeInstanceOf(AwsCallError);
  });

  it('starts nothing once the lease is lost, also when it had to wait for the limiter', async () => {
    const { clock, aws, fence, gateway } = setUp();
    const calls = Array.from({ length: 60 }, () =>
      gateway.call(target, 'ecs.CreateService', { serviceName: 'w' }, asUser),
    );
    const ends = Promise.allSettled(calls);
    await clock.advanceAsync(0);
    const before = aws.requests.length;
    expect(before).toBe(45);
    fence.lost = true;
    await clock.advanceAsync(60_000);
    expect(aws.requests).toHaveLength(before);
    const refused = (await ends).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(15);
    expect(refused[0]).toMatchObject({ reason: { message: 'the lease is lost' } });
  });

  it('says how long calls waited for the limiter', async () => {
    const { clock, gateway, metrics } = setUp();
    for (let i = 0; i < 19; i++)
      void gateway.call(target, 'ecs.RegisterTaskDefinition', { family: 'f', containerDefinitions: [] }, asUser);
    await clock.advanceAsync(2000);
    expect(metrics.lines.filter((line) => line.startsWith('waited'))).toEqual(['waited task-definition-modify 1.112']);
  });

  it('slows the whole category down when AWS throttles one call, and no other category', async () => {
    const { clock, aws, gateway } = setUp();
    aws.answer = ({ operation }) => {
      if (operation === 'UpdateService') throw awsAnswer('ThrottlingException', 'Rate exceeded');
      return { service: {} };
    };
    await expect(gateway.call(target, 'ecs.UpdateService', { service: 'a' }, asUser)).rejects.toMatchObject({
      kind: 'Throttled',
      effect: 'none',
    });
    void gateway.call(target, 'ecs.CreateService', { serviceName: 'b' }, asUser);
    await clock.advanceAsync(100);
    expect(
      aws.requests.map(({ operation }) => operation),
      'the bucket is empty',
    ).toEqual(['UpdateService']);
    await gateway.call(target, 'ecs.DescribeTaskDefinition', { taskDefinition: 'x' }, asUser);
    await clock.advanceAsync(1000);
    expect(aws.requests.map(({ operation }) => operation)).toEqual([
      'UpdateService',
      'DescribeTaskDefinition',
      'CreateService',
    ]);
  });

  it('does not let one account wait for another', async () => {
    const { clock, aws, gateway } = setUp();
    const other = { region: 'eu-west-1', roleArn: 'arn:aws:iam::222222222222:role/x' };
    for (let i = 0; i < 100; i++) void gateway.call(target, 'ecs.CreateService', { serviceName: 'x' }, asUser);
    await gateway.call(other, 'ecs.CreateService', { serviceName: 'y' }, asUser);
    await clock.advanceAsync(0);
    expect(aws.requests.filter((request) => request.target === other)).toHaveLength(1);
  });

  it('throws the signal’s reason when aborted before, while waiting, and in flight', async () => {
    const { clock, aws, gateway } = setUp();
    const before = AbortSignal.abort(new Error('before'));
    await expect(gateway.call(target, 'ecs.ListTasks', {}, { ...asUser, signal: before })).rejects.toThrow('before');
    expect(aws.requests).toHaveLength(0);

    aws.answer = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('the SDK’s own words'))));
    const aborter = new AbortController();
    const calls = Array.from({ length: 46 }, () =>
      gateway.call(target, 'ecs.CreateService', { serviceName: 'x' }, { ...asUser, signal: aborter.signal }),
    );
    await clock.advanceAsync(0);
    expect(aws.requests).toHaveLength(45);
    aborter.abort(new Error('stopping'));
    for (const end of await Promise.allSettled(calls)) expect(end).toMatchObject({ reason: { message: 'stopping' } });
    await clock.advanceAsync(10_000);
    expect(aws.requests, 'the one that waited is never sent').toHaveLength(45);
  });

  it('sends nothing when it is aborted between the limiter and the socket', async () => {
    const { clock, aws, gateway } = setUp();
    const aborter = new AbortController();
    const call = gateway.call(target, 'ecs.ListTasks', {}, { ...asUser, signal: aborter.signal });
    aborter.abort(new Error('just in time'));
    await expect(call).rejects.toThrow('just in time');
    await clock.advanceAsync(0);
    expect(aws.requests).toHaveLength(0);
  });

  it('leaves nothing on a signal that lives as long as the process', async () => {
    const { clock, gateway } = setUp();
    const { signal } = new AbortController();
    void gateway.call(target, 'ecs.ListTasks', {}, { ...asUser, signal });
    const read = gateway.call(target, 'ecs.DescribeTasks', { tasks: ['a'] }, { ...asUser, signal });
    await clock.advanceAsync(10);
    await read;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('lets everything out at once where AWS’s rates do not hold', async () => {
    const { clock, aws, gateway } = setUp({ rateScale: Number.POSITIVE_INFINITY });
    for (let i = 0; i < 500; i++) void gateway.call(target, 'ecs.CreateService', { serviceName: 'x' }, asUser);
    await clock.advanceAsync(0);
    expect(aws.requests).toHaveLength(500);
  });

  it('learns its own account, so that a role there draws from the same bucket', async () => {
    const { clock, aws, gateway } = setUp();
    aws.answer = ({ service }) => (service === 'sts' ? { Account: '111111111111' } : { service: {} });
    await gateway.call(target, 'sts.GetCallerIdentity', {}, asUser);
    const role = { region: 'eu-west-1', roleArn: 'arn:aws:iam::111111111111:role/x' };
    for (let i = 0; i < 40; i++) void gateway.call(target, 'ecs.CreateService', { serviceName: 'x' }, asUser);
    for (let i = 0; i < 40; i++) void gateway.call(role, 'ecs.CreateService', { serviceName: 'x' }, asUser);
    await clock.advanceAsync(0);
    expect(aws.requests.filter(({ service }) => service === 'ecs')).toHaveLength(45);
  });

  it('keeps an AwsCallError an error that can be told apart', async () => {
    const { aws, gateway } = setUp();
    aws.answer = () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
    const error = await gateway
      .call(target, 'ecs.DeleteService', { service: 'x' }, asUser)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AwsCallError);
    expect(error).toMatchObject({ effect: 'unknown', code: 'ECONNRESET' });
  });
});
