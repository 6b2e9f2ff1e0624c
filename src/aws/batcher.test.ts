import { describe, expect, it } from 'vitest';
import { sleep } from '../runtime/clock.ts';
import { seededRandom } from '../runtime/random.ts';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { Gateway } from './gateway.ts';
import type { CallPriority } from './limiter.ts';
import type { Operation, OperationInput } from './operations.ts';
import { describeCluster, describeService, describeTasks } from './reads.ts';
import { awsAnswer, RecordedMetrics, ScriptedSend } from './scripted-send.ts';
import type { AwsRequest, AwsTarget } from './send.ts';

const target = { region: 'eu-west-1' };
const never = new AbortController().signal;
const arn = (cluster: string, name: string) => `arn:aws:ecs:eu-west-1:123456789012:service/${cluster}/${name}`;

/** Answers DescribeServices as AWS does: by ARN, unknown names among the failures. Names that begin with `no` are unknown. */
function describeServices({ input }: AwsRequest): object {
  const { services = [], cluster = '' } = input as { readonly services?: readonly string[]; readonly cluster?: string };
  const names = services.map((service) => service.split('/').at(-1) ?? '');
  return {
    $metadata: { requestId: 'r' },
    services: names.filter((n) => !n.startsWith('no')).map((n) => ({ serviceName: n, serviceArn: arn(cluster, n) })),
    failures: names.filter((n) => n.startsWith('no')).map((n) => ({ arn: arn(cluster, n), reason: 'MISSING' })),
  };
}

function setUp() {
  const clock = new VirtualClock();
  const aws = new ScriptedSend();
  aws.answer = describeServices;
  const fence = { lost: false };
  const gateway = new Gateway({
    send: aws.send,
    clock,
    metrics: new RecordedMetrics(),
    fence: () => {
      if (fence.lost) throw new Error('the lease is lost');
    },
  });
  const reader = (options: { priority?: CallPriority; signal?: AbortSignal; target?: AwsTarget } = {}) => ({
    call: <O extends Operation>(operation: O, input: OperationInput<O>) =>
      gateway.call(options.target ?? target, operation, input, {
        priority: options.priority ?? 'user',
        signal: options.signal ?? never,
      }),
  });
  return { clock, aws, fence, gateway, reader };
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `svc-${i}`);

describe('batched reads', () => {
  it('are sent at once as long as they are few, and wait for each other while they keep coming', async () => {
    const { clock, aws, reader } = setUp();
    const read = (service: string) => void describeService(reader(), { cluster: 'shop', service });
    read('lone');
    await clock.advanceAsync(3);
    expect(aws.lists('services')).toEqual([['lone']]);
    await clock.advanceAsync(10);
    for (const name of names(8)) {
      read(name);
      await clock.advanceAsync(14);
    }
    expect(aws.lists('services')).toEqual([['lone'], names(8)]);
    await clock.advanceAsync(500);
    read('late');
    await clock.advanceAsync(3);
    expect(aws.lists('services')).toEqual([['lone'], names(8), ['late']]);
  });

  it('put services of a cluster together, ten to a call, and give each caller its own', async () => {
    const { clock, aws, reader } = setUp();
    const reads = names(25).map((service) => describeService(reader(), { cluster: 'shop', service }));
    await clock.advanceAsync(3);
    expect(aws.lists('services').map((list) => (Array.isArray(list) ? list.length : 0))).toEqual([10, 10, 5]);
    const services = await Promise.all(reads);
    expect(services.map((service) => service !== 'MISSING' && service.serviceName)).toEqual(names(25));
  });

  it('ask once for what several callers want to know', async () => {
    const { clock, aws, reader } = setUp();
    const one = describeService(reader(), { cluster: 'shop', service: 'web' });
    const same = describeService(reader(), { cluster: 'shop', service: arn('shop', 'web') });
    await clock.advanceAsync(3);
    expect(aws.lists('services')).toEqual([['web']]);
    expect(await one).toEqual(await same);
  });

  it('keep accounts, regions, clusters and what is included apart', async () => {
    const { clock, aws, reader, gateway } = setUp();
    const role = { ...target, roleArn: 'arn:aws:iam::222222222222:role/x' };
    void describeService(reader(), { cluster: 'shop', service: 'a' });
    void describeService(reader(), { cluster: 'other', service: 'b' });
    void describeService(reader({ target: role }), { cluster: 'shop', service: 'c' });
    void describeService(reader({ target: { region: 'us-east-1' } }), { cluster: 'shop', service: 'd' });
    void gateway.call(
      target,
      'ecs.DescribeServices',
      { cluster: 'shop', services: ['e'] },
      { signal: never, priority: 'user' },
    );
    await clock.advanceAsync(3);
    expect(aws.lists('services')).toEqual([['a'], ['b'], ['c'], ['d'], ['e']]);
    expect(aws.requests.map((request) => request.target)).toEqual([
      target,
      target,
      role,
      { region: 'us-east-1' },
      target,
    ]);
  });

  it('tell who asked for an unknown name that it is MISSING, and the others what they asked for', async () => {
    const { clock, reader } = setUp();
    const there = describeService(reader(), { cluster: 'shop', service: 'web' });
    const gone = describeService(reader(), { cluster: 'shop', service: 'nothing' });
    await clock.advanceAsync(3);
    expect(await there).toMatchObject({ serviceName: 'web' });
    expect(await gone).toBe('MISSING');
  });

  it('do not take a name that the answer leaves out for one that is not there', async () => {
    const { clock, aws, reader } = setUp();
    aws.answer = () => ({ services: [], failures: [] });
    const read = describeService(reader(), { cluster: 'shop', service: 'web' });
    const expectation = expect(read).rejects.toMatchObject({
      kind: 'Transient',
      message: expect.stringContaining('web'),
    });
    await clock.advanceAsync(3);
    await expectation;
  });

  it('do not take another failure than MISSING for absence', async () => {
    const { clock, aws, reader } = setUp();
    aws.answer = () => ({ services: [], failures: [{ arn: arn('shop', 'web'), reason: 'INTERNAL', detail: 'later' }] });
    const read = describeService(reader(), { cluster: 'shop', service: 'web' });
    const expectation = expect(read).rejects.toThrow('DescribeServices of web: INTERNAL: later');
    await clock.advanceAsync(3);
    await expectation;
  });

  it('go on for the others when one caller gives up', async () => {
    const { clock, aws, reader } = setUp();
    const aborter = new AbortController();
    const given = describeService(reader({ signal: aborter.signal }), { cluster: 'shop', service: 'a' });
    const kept = describeService(reader(), { cluster: 'shop', service: 'b' });
    aborter.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    await clock.advanceAsync(3);
    expect(aws.lists('services')).toEqual([['b']]);
    expect(await kept).toMatchObject({ serviceName: 'b' });
  });

  it('go on for the others when one caller gives up in flight, and are aborted when all do', async () => {
    const { clock, aws, reader } = setUp();
    const { promise, resolve } = Promise.withResolvers<object>();
    aws.answer = () => promise;
    const [first, second] = [new AbortController(), new AbortController()];
    const a = describeService(reader({ signal: first.signal }), { cluster: 'shop', service: 'a' });
    const b = describeService(reader({ signal: second.signal }), { cluster: 'shop', service: 'b' });
    await clock.advanceAsync(3);
    first.abort(new Error('given up'));
    await expect(a).rejects.toThrow('given up');
    expect(aws.requests[0]?.signal.aborted).toBe(false);
    second.abort(new Error('given up too'));
    await expect(b).rejects.toThrow('given up too');
    expect(aws.requests[0]?.signal.aborted, 'nobody waits for it any more').toBe(true);
    resolve({ services: [], failures: [] });
  });

  it('send nothing when all callers give up before', async () => {
    const { clock, aws, reader } = setUp();
    const aborter = new AbortController();
    const reads = names(3).map((service) =>
      describeService(reader({ signal: aborter.signal }), { cluster: 'c', service }),
    );
    aborter.abort(new Error('given up'));
    await Promise.allSettled(reads);
    await clock.advanceAsync(1000);
    expect(aws.requests).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });

  it('find the one bad name that spoils a call, and answer the others', async () => {
    const { clock, aws, reader } = setUp();
    aws.answer = (request) => {
      const bad = JSON.stringify(request.input).includes('svc-6"');
      if (bad) throw awsAnswer('InvalidParameterException', 'Identifier is for another cluster');
      return describeServices(request);
    };
    const reads = names(10).map((service) => describeService(reader(), { cluster: 'shop', service }));
    const ends = Promise.allSettled(reads);
    await clock.advanceAsync(3);
    expect((await ends).map(({ status }) => status)).toEqual(
      names(10).map((name) => (name === 'svc-6' ? 'rejected' : 'fulfilled')),
    );
    expect(aws.requests.length, 'halves are tried, not each alone').toBeLessThanOrEqual(9);
  });

  it('let a caller still give up after its batch was split', async () => {
    const { clock, aws, reader } = setUp();
    const { promise, resolve } = Promise.withResolvers<object>();
    let calls = 0;
    aws.answer = (request) => {
      calls++;
      if (calls === 1) throw awsAnswer('InvalidParameterException', 'one of them');
      return promise.then(() => describeServices(request));
    };
    const aborter = new AbortController();
    const a = describeService(reader({ signal: aborter.signal }), { cluster: 'shop', service: 'a' });
    const b = describeService(reader(), { cluster: 'shop', service: 'b' });
    await clock.advanceAsync(3);
    aborter.abort(new Error('given up'));
    await expect(a).rejects.toThrow('given up');
    expect(aws.requests.map(({ signal }) => signal.aborted)).toEqual([false, true, false]);
    resolve({});
    expect(await b).toMatchObject({ serviceName: 'b' });
  });

  it.each([
    ['ClusterNotFoundException', 'NotFound', 'no service of it can be there'],
    ['ThrottlingException', 'Throttled', 'more calls would make it worse'],
    ['AccessDeniedException', 'Denied', 'it is about the call'],
  ])('tell everyone %s and try no smaller ones: %s', async (code, kind) => {
    const { clock, aws, reader } = setUp();
    aws.answer = () => {
      throw awsAnswer(code, 'no');
    };
    const ends = Promise.allSettled(names(5).map((service) => describeService(reader(), { cluster: 'shop', service })));
    await clock.advanceAsync(1000);
    expect(aws.requests).toHaveLength(1);
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { kind, code } });
  });

  it('tell everyone when the lease is lost', async () => {
    const { clock, aws, fence, reader } = setUp();
    const ends = Promise.allSettled(names(3).map((service) => describeService(reader(), { cluster: 'c', service })));
    fence.lost = true;
    await clock.advanceAsync(10);
    expect(aws.requests).toHaveLength(0);
    for (const end of await ends) expect(end).toMatchObject({ reason: { message: 'the lease is lost' } });
  });

  it('stay open while the limiter holds them, so that a queue makes batches fuller, not longer', async () => {
    const { clock, aws, reader } = setUp();
    for (let i = 0; i < 90; i++)
      void describeService(reader({ priority: 'resync' }), { cluster: `c-${i}`, service: 's' });
    await clock.advanceAsync(20);
    expect(aws.requests, 'the bucket is empty').toHaveLength(90);
    const late: Promise<unknown>[] = [];
    for (const service of names(8)) {
      late.push(describeService(reader({ priority: 'resync' }), { cluster: 'shop', service }));
      await clock.advanceAsync(5);
    }
    await clock.advanceAsync(200);
    await Promise.all(late);
    expect(aws.requests.length - 90, 'not eight').toBeLessThanOrEqual(2);
  });

  it('look at a thousand services in 101 reads at most, with fifty workers that each ask for one at a time', async () => {
    const { clock, aws, reader } = setUp();
    const random = seededRandom(7);
    aws.answer = async (request) => {
      await sleep(clock, 5 + random.next() * 45);
      return describeServices(request);
    };
    const todo = names(1000);
    const worker = async () => {
      for (let service = todo.pop(); service !== undefined; service = todo.pop()) {
        await describeService(reader({ priority: 'resync' }), { cluster: 'shop', service });
      }
    };
    const workers = Promise.all(Array.from({ length: 50 }, worker));
    await clock.advanceAsync(60_000);
    await workers;
    expect(aws.requests.length).toBeLessThanOrEqual(101);
  });

  it('hurry when a person’s change joins a batch of resyncs', async () => {
    const { clock, aws, reader } = setUp();
    void describeService(reader({ priority: 'resync' }), { cluster: 'shop', service: 'a' });
    void describeService(reader({ priority: 'user' }), { cluster: 'shop', service: 'b' });
    await clock.advanceAsync(3);
    expect(aws.lists('services')).toEqual([['a', 'b']]);
  });

  it('move up in the limiter’s queue when a person’s change joins a batch that waits there', async () => {
    const { clock, aws, reader } = setUp();
    for (let i = 0; i < 90; i++)
      void describeService(reader({ priority: 'resync' }), { cluster: `c-${i}`, service: 's' });
    await clock.advanceAsync(20);
    for (let i = 0; i < 5; i++)
      void describeService(reader({ priority: 'resync' }), { cluster: `d-${i}`, service: 's' });
    void describeService(reader({ priority: 'resync' }), { cluster: 'shop', service: 'a' });
    await clock.advanceAsync(20);
    expect(aws.requests).toHaveLength(90);
    void describeService(reader({ priority: 'user' }), { cluster: 'shop', service: 'b' });
    await clock.advanceAsync(60);
    expect(aws.requests[90]?.input).toMatchObject({ cluster: 'shop', services: ['a', 'b'] });
  });

  it('take a list of more names than fits one call', async () => {
    const { clock, aws, gateway } = setUp();
    const input = { cluster: 'shop', services: names(23) };
    const call = gateway.call(target, 'ecs.DescribeServices', input, { signal: never, priority: 'user' });
    await clock.advanceAsync(3);
    expect((await call).services).toHaveLength(23);
    expect(aws.requests).toHaveLength(3);
  });

  it('leave a call without names as it is: AWS then means the default cluster', async () => {
    const { clock, aws, gateway } = setUp();
    aws.answer = () => ({ clusters: [{ clusterName: 'default' }] });
    const call = gateway.call(target, 'ecs.DescribeClusters', {}, { signal: never, priority: 'user' });
    await clock.advanceAsync(3);
    expect((await call).clusters).toHaveLength(1);
    expect(aws.requests[0]?.input).toEqual({});
  });

  it('put clusters and tasks together a hundred to a call', async () => {
    const { clock, aws, reader } = setUp();
    aws.answer = ({ input }) => {
      const { clusters = [], tasks = [] } = input as { clusters?: string[]; tasks?: string[] };
      return {
        clusters: clusters.map((name) => ({
          clusterArn: `arn:aws:ecs:eu-west-1:1:cluster/${name}`,
          clusterName: name,
        })),
        tasks: tasks.map((task) => ({ taskArn: task })),
        failures: [],
      };
    };
    const clusters = names(100).map((name) => describeCluster(reader(), name));
    const tasks = names(101).map((name) => `arn:aws:ecs:eu-west-1:1:task/shop/${name}`);
    const read = describeTasks(reader(), { cluster: 'shop', tasks });
    await clock.advanceAsync(3);
    expect((await Promise.all(clusters)).map((cluster) => cluster !== 'MISSING' && cluster.clusterName)).toEqual(
      names(100),
    );
    expect((await read).map(({ taskArn }) => taskArn)).toEqual(tasks);
    expect(aws.requests.map(({ operation }) => operation)).toEqual([
      'DescribeClusters',
      'DescribeTasks',
      'DescribeTasks',
    ]);
    expect(await describeTasks(reader(), { cluster: 'shop', tasks: [] }), 'no call for nothing').toEqual([]);
    expect(aws.requests).toHaveLength(3);
  });
});
