import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../runtime/random.ts';
import { VirtualClock } from '../../runtime/virtual-clock.ts';
import { FakeAws } from '../fake-aws.ts';
import { Identities } from '../sts/identities.ts';
import { Sts } from '../sts/sts.ts';
import { Throttle } from '../throttle/throttle.ts';
import { type Answer, Gate } from './gate.ts';

function testGate() {
  const clock = new VirtualClock();
  const random = seededRandom(3);
  const accountId = '123456789012';
  const fake = new FakeAws({ clock, random, accountId });
  const identities = new Identities({ clock, random, accountId });
  const throttle = new Throttle({ clock });
  const gate = new Gate({ clock, random, fake, identities, throttle, sts: new Sts(identities) });
  const call = (operation: string, input: object = {}): Promise<Answer> =>
    gate.call({ service: 'servicediscovery', operation, input, region: 'eu-west-1', accessKeyId: 'test' });
  /** The names of the namespaces that the fake really holds, finished or not. */
  const held = (): unknown[] => {
    const state: { namespaces?: { name: string }[] } =
      fake.region({ region: 'eu-west-1' }).services.servicediscovery?.snapshot() ?? {};
    return (state.namespaces ?? []).map(({ name }) => name);
  };
  const create = (Name: string) => call('CreateHttpNamespace', { Name });
  return { clock, fake, gate, throttle, call, held, create };
}

const code = (answer: Answer): string => (answer.kind === 'error' ? answer.error.code : answer.kind);

describe('a fault', () => {
  it('that fails a call has no effect, and hits only what it names', async () => {
    const { gate, create, call, held } = testGate();
    gate.faults.add({
      kind: 'fail',
      service: 'servicediscovery',
      operation: 'Create*',
      name: 'shop',
      code: 'InternalFailure',
    });
    const answer = await create('shop');
    expect(answer).toMatchObject({ kind: 'error', error: { code: 'InternalFailure', httpStatus: 500 } });
    expect(held()).toEqual([]);
    expect(code(await create('other'))).toBe('output');
    expect(code(await call('ListNamespaces', { Filters: [{ Name: 'NAME', Values: ['shop'] }] }))).toBe('output');
    expect(gate.faults.list()).toMatchObject([{ seen: 1, hit: 1 }]);
  });

  it('hits the nth call, and so many times', async () => {
    const { gate, call } = testGate();
    gate.faults.add({ kind: 'throttle', operation: 'GetNamespace', nth: 2 });
    gate.faults.add({ kind: 'fail', operation: 'GetService', code: 'Oops', nth: 2, times: 2 });
    const codes = async (operation: string) => {
      const seen: string[] = [];
      for (let i = 0; i < 5; i++) seen.push(code(await call(operation, { Id: 'x' })));
      return seen;
    };
    const [absent, late] = ['NamespaceNotFound', 'ThrottlingException'];
    expect(await codes('GetNamespace')).toEqual([absent, late, absent, absent, absent]);
    expect(await codes('GetService')).toEqual([
      'ServiceNotFound',
      'Oops',
      'Oops',
      'ServiceNotFound',
      'ServiceNotFound',
    ]);
  });

  it('that loses an answer leaves the effect, and the log tells both', async () => {
    const { gate, create, held } = testGate();
    gate.faults.add({ kind: 'lose', times: 1 });
    expect(code(await create('shop'))).toBe('reset');
    expect(held()).toEqual(['shop']);
    expect(gate.calls.list()).toMatchObject([{ operation: 'CreateHttpNamespace', code: 'NoAnswer', effective: true }]);
  });

  it.each([
    ['reset', 'reset', []],
    ['fail-after', 'ServerException', ['shop']],
    ['malformed', 'malformed', ['shop']],
  ] as const)('of kind %s answers %s and leaves %j', async (kind, answered, left) => {
    const { gate, create, held } = testGate();
    gate.faults.add(kind === 'fail-after' ? { kind, code: 'ServerException' } : { kind });
    expect(code(await create('shop'))).toBe(answered);
    expect(held()).toEqual(left);
  });

  it('delays before or after the effect, on the clock', async () => {
    const { clock, gate, create, held } = testGate();
    gate.faults.add({ kind: 'delay', ms: 5_000, operation: 'CreateHttpNamespace' });
    gate.faults.add({ kind: 'delay', ms: 3_000, after: true });
    let answered = false;
    const creation = create('shop').then(() => {
      answered = true;
    });
    await clock.advanceAsync(4_999);
    expect(held()).toEqual([]);
    await clock.advanceAsync(1);
    expect(held()).toEqual(['shop']);
    expect(answered).toBe(false);
    await clock.advanceAsync(3_000);
    expect(answered).toBe(true);
    await creation;
  });

  it('that no longer stands does nothing', async () => {
    const { gate, create } = testGate();
    const id = gate.faults.add({ kind: 'throttle' });
    expect(gate.faults.remove(id)).toBe(true);
    expect(gate.faults.remove(id)).toBe(false);
    gate.faults.add({ kind: 'throttle' });
    gate.faults.clear();
    expect(code(await create('shop'))).toBe('output');
  });

  it('about answers is not spent on a call that never took effect', async () => {
    const { gate, create, held } = testGate();
    gate.faults.add({ kind: 'lose', times: 1 });
    gate.faults.add({ kind: 'throttle', times: 1 });
    expect(code(await create('one'))).toBe('ThrottlingException');
    expect(code(await create('two'))).toBe('reset');
    expect(held()).toEqual(['two']);
  });

  it('adds members and values that no SDK knows, without touching what the fake holds', async () => {
    const { gate, clock, create, call, held } = testGate();
    await create('shop');
    clock.advance(10_000);
    gate.faults.add({ kind: 'unknown', enumMembers: ['Type'] });
    expect(await call('ListNamespaces')).toMatchObject({
      output: { Namespaces: [{ Name: 'shop', Type: 'A_LATER_VALUE', aLaterMember: {} }], aLaterMember: {} },
    });
    expect(held()).toEqual(['shop']);
    gate.faults.clear();
    expect(JSON.stringify(await call('ListNamespaces'))).not.toContain('ater');
  });
});

describe('a stale read', () => {
  const output = (answer: Answer): unknown => (answer.kind === 'output' ? answer.output : answer);

  it('misses what was just made, and finds it later', async () => {
    const { clock, gate, create, call } = testGate();
    gate.faults.add({ kind: 'stale', ms: 30_000, operation: 'GetService' });
    gate.faults.add({ kind: 'stale', ms: 30_000, operation: 'ListServices' });
    await create('shop');
    clock.advance(10_000);
    const listed = await call('ListNamespaces');
    const [NamespaceId] = JSON.stringify(listed).match(/ns-\w+/) ?? [];
    const made = await call('CreateService', { Name: 'api', NamespaceId });
    const [Id] = JSON.stringify(made).match(/srv-\w+/) ?? [];
    expect(code(await call('GetService', { Id }))).toBe('ServiceNotFound');
    expect(output(await call('ListServices'))).toEqual({ Services: [] });
    clock.advance(30_001);
    expect(code(await call('GetService', { Id }))).toBe('output');
    expect(output(await call('ListServices'))).toMatchObject({ Services: [{ Name: 'api' }] });
  });

  it('shows what was just changed as it was', async () => {
    const { clock, gate, create, call } = testGate();
    gate.faults.add({ kind: 'stale', ms: 60_000, operation: 'ListNamespaces' });
    gate.faults.add({ kind: 'stale', ms: 60_000, operation: 'ListTagsForResource' });
    await create('shop');
    clock.advance(120_000);
    const [ResourceARN] = JSON.stringify(await call('ListNamespaces')).match(/arn:[^"]+/) ?? [];
    const tags = async () => output(await call('ListTagsForResource', { ResourceARN }));
    expect(await tags()).toEqual({ Tags: [] });
    await call('TagResource', { ResourceARN, Tags: [{ Key: 'a', Value: 'b' }] });
    clock.advance(30_000);
    expect(await tags()).toEqual({ Tags: [] });
    clock.advance(60_001);
    expect(await tags()).toEqual({ Tags: [{ Key: 'a', Value: 'b' }] });
  });

  it('is not older than was asked for: what AWS changed by itself since the last write shows', async () => {
    const { clock, gate, create, call } = testGate();
    const idle = gate.faults.add({ kind: 'stale', ms: 2_000, operation: 'Nothing' });
    const made = output(await create('shop'));
    const OperationId = JSON.stringify(made).match(/"OperationId":"([^"]+)"/)?.[1];
    const operation = () => call('GetOperation', { OperationId });
    expect(output(await operation())).toMatchObject({ Operation: { Status: expect.not.stringMatching('SUCCESS') } });
    await create('another');
    clock.advance(120_000);
    gate.faults.remove(idle);
    gate.faults.add({ kind: 'stale', ms: 2_000, operation: 'GetOperation' });
    expect(output(await operation())).toMatchObject({ Operation: { Status: 'SUCCESS' } });
  });
});

describe('the front door', () => {
  it('throttles by account before anything happens, and says so in the log', async () => {
    const { clock, gate, throttle, create, held } = testGate();
    for (const Name of ['a', 'b', 'c', 'd', 'e']) await create(Name);
    const answer = await create('f');
    expect(answer).toMatchObject({ error: { code: 'ThrottlingException', message: 'Rate exceeded', httpStatus: 400 } });
    expect(held()).toHaveLength(5);
    expect(gate.calls.counts()).toEqual({
      servicediscovery: { CreateHttpNamespace: { OK: 5, ThrottlingException: 1 } },
    });
    clock.advance(2_000);
    expect(code(await create('f'))).toBe('output');
    throttle.enabled = false;
    expect(code(await create('g'))).toBe('output');
  });

  it('keeps the log in order, filtered on request, and bounded', async () => {
    const { gate, create, call } = testGate();
    await create('shop');
    await call('GetNamespace', { Id: 'ns-x' });
    await call('ListNamespaces');
    const operations = (filter: object) => gate.calls.list(filter).map(({ operation }) => operation);
    expect(operations({})).toEqual(['CreateHttpNamespace', 'GetNamespace', 'ListNamespaces']);
    expect(operations({ since: 1 })).toEqual(['GetNamespace', 'ListNamespaces']);
    expect(operations({ code: 'NamespaceNotFound' })).toEqual(['GetNamespace']);
    expect(operations({ name: 'shop' })).toEqual(['CreateHttpNamespace']);
    expect(operations({ limit: 1 })).toEqual(['ListNamespaces']);
    gate.calls.clear();
    expect(operations({})).toEqual([]);
    await call('ListNamespaces');
    expect(gate.calls.list()).toMatchObject([{ id: 4 }]);
  });
});
