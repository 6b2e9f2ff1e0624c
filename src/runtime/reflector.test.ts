import { describe, expect, it } from 'vitest';
import {
  failure,
  json,
  plain,
  scriptedTransport,
  silence,
  WatchStream,
} from '../../test/harness/scripted-transport.ts';
import { KubeClient } from '../kube/client.ts';
import type { KubeObject, ResourceType } from '../kube/object.ts';
import type { KubeRequest, KubeResponse } from '../kube/transport.ts';
import type { Log } from './log.ts';
import { objectKey } from './object-key.ts';
import { seededRandom } from './random.ts';
import { Reflector } from './reflector.ts';
import { VirtualClock } from './virtual-clock.ts';

const THINGS: ResourceType = { group: 'example.dev', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };

function thing(name: string, resourceVersion: string, namespace = 'ns'): KubeObject {
  return {
    apiVersion: 'example.dev/v1',
    kind: 'Thing',
    metadata: { name, namespace, uid: `uid-${name}`, resourceVersion },
  };
}

function listOf(resourceVersion: string, items: readonly KubeObject[], next?: string): KubeResponse {
  return json(200, { metadata: { resourceVersion, ...(next && { continue: next }) }, items });
}

type Handler = (parameters: URLSearchParams, request: KubeRequest) => KubeResponse | Promise<KubeResponse>;

/** An API server whose lists and watches are answered in turn; the last answer stays. */
function scene(script: { lists: readonly Handler[]; watches?: readonly Handler[]; gets?: Handler }, options = {}) {
  const clock = new VirtualClock();
  const watches: { stream: WatchStream; from: string | null; parameters: URLSearchParams }[] = [];
  const lists: URLSearchParams[] = [];
  const { transport, requests } = scriptedTransport((request) => {
    const url = new URL(request.path, 'http://api');
    const { searchParams } = url;
    if (searchParams.has('watch')) {
      const stream = new WatchStream();
      watches.push({ stream, from: searchParams.get('resourceVersion'), parameters: searchParams });
      return script.watches?.[watches.length - 1]?.(searchParams, request) ?? stream.response;
    }
    if (!url.pathname.endsWith('/things')) return script.gets?.(searchParams, request) ?? failure(404, 'NotFound');
    const handler = script.lists[Math.min(lists.length, script.lists.length - 1)];
    lists.push(searchParams);
    return handler?.(searchParams, request) ?? failure(404, 'NotFound');
  });
  const logged: string[] = [];
  const say = (level: string) => (message: string, fields?: object) =>
    logged.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const client = new KubeClient({ transport, clock });
  const reflector = new Reflector<KubeObject>({
    client,
    type: THINGS,
    clock,
    random: seededRandom(1),
    log,
    ...options,
  });
  const changes: string[] = [];
  reflector.store.onChange((change) => {
    const old = change.type === 'updated' ? ` (was ${change.old.metadata.resourceVersion})` : '';
    changes.push(`${change.type} ${change.object.metadata.name} ${change.object.metadata.resourceVersion}${old}`);
  });
  const aborter = new AbortController();
  const ended = reflector.run(aborter.signal);
  return {
    clock,
    reflector,
    changes,
    logged,
    requests,
    lists,
    watches,
    ended,
    stop: () => aborter.abort(new Error('stop')),
    signal: aborter.signal,
    stream: (at: number) => {
      const watch = watches[at];
      if (!watch) throw new Error(`there is no watch number ${at}`);
      return watch.stream;
    },
    flush: () => clock.advanceAsync(0),
  };
}

describe('a reflector', () => {
  it('lists once, then follows the watch from there, and gives the old object with each change', async () => {
    const s = scene({ lists: [() => listOf('10', [thing('a', '3')])] });
    expect(s.reflector.hasSynced()).toBe(false);
    await s.flush();
    expect(s.reflector.hasSynced()).toBe(true);
    s.stream(0).event('MODIFIED', thing('a', '11'));
    s.stream(0).event('ADDED', thing('b', '12'));
    s.stream(0).event('DELETED', thing('b', '13'));
    await s.flush();
    expect(s.changes).toEqual(['added a 3', 'updated a 11 (was 3)', 'added b 12', 'deleted b 12']);
    expect(s.watches.map((watch) => watch.from)).toEqual(['10']);
    expect(s.watches[0]?.parameters.get('allowWatchBookmarks')).toBe('true');
  });

  it('reads large collections page by page', async () => {
    const s = scene(
      { lists: [() => listOf('10', [thing('a', '1')], 'page 2'), () => listOf('10', [thing('b', '2')])] },
      { pageSize: 1 },
    );
    await s.flush();
    expect(s.lists.map((list) => [list.get('limit'), list.get('continue')])).toEqual([
      ['1', null],
      ['1', 'page 2'],
    ]);
    expect(s.changes).toEqual(['added a 1', 'added b 2']);
  });

  it('reads all at once when etcd was compacted between two pages', async () => {
    const s = scene({
      lists: [
        () => listOf('10', [thing('a', '1')], 'page 2'),
        () => failure(410, 'Expired'),
        () => listOf('20', [thing('b', '12')]),
      ],
    });
    await s.flush();
    expect(s.lists.map((list) => list.get('limit'))).toEqual(['100', '100', null]);
    expect(s.changes).toEqual(['added b 12']);
    expect(s.watches[0]?.from).toBe('20');
  });

  it('goes on from the last event, or bookmark, when a watch ends: nothing is read twice, nothing missed', async () => {
    const s = scene({ lists: [() => listOf('10', [])] });
    await s.flush();
    s.stream(0).event('ADDED', thing('a', '11'));
    s.stream(0).end();
    await s.clock.advanceAsync(60_000);
    s.stream(1).event('BOOKMARK', { metadata: { resourceVersion: '50' } });
    s.stream(1).end();
    await s.clock.advanceAsync(60_000);
    expect(s.watches.map((watch) => watch.from)).toEqual(['10', '11', '50']);
    expect(s.lists).toHaveLength(1);
  });

  const expired = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
  const oldWatch = (stream: WatchStream) => stream.event('ERROR', expired);
  it.each([
    ['within the watch', undefined, oldWatch],
    ['when it connects', () => failure(410, 'Gone'), undefined],
  ])('lists again on 410 %s, and tells what was deleted meanwhile', async (_, atConnect, within) => {
    const s = scene({
      lists: [() => listOf('10', [thing('a', '1'), thing('b', '2')]), () => listOf('90', [thing('b', '80')])],
      watches: atConnect ? [atConnect] : [],
    });
    await s.flush();
    const [first] = s.watches;
    if (within && first) within(first.stream);
    await s.clock.advanceAsync(60_000);
    expect(s.changes).toEqual(['added a 1', 'added b 2', 'deleted a 1', 'updated b 80 (was 2)']);
    expect(s.watches.at(1)?.from).toBe('90');
  });

  it.each([
    ['the connection is cut', (stream: WatchStream) => stream.cut()],
    ['a line is garbage', (stream: WatchStream) => stream.bytes('}{\n')],
    [
      'the connection ends in the middle of an event',
      (stream: WatchStream) => {
        stream.bytes('{"type":');
        stream.end();
      },
    ],
    [
      'the server has an internal error',
      (stream: WatchStream) => stream.event('ERROR', { code: 500, reason: 'InternalError' }),
    ],
  ])('goes on from where it was when %s', async (_, happen) => {
    const s = scene({ lists: [() => listOf('10', [])] });
    await s.flush();
    s.stream(0).event('ADDED', thing('a', '11'));
    happen(s.stream(0));
    await s.clock.advanceAsync(60_000);
    s.stream(1).event('MODIFIED', thing('a', '12'));
    await s.flush();
    expect(s.watches[1]?.from).toBe('11');
    expect(s.changes).toEqual(['added a 11', 'updated a 12 (was 11)']);
    expect(s.lists).toHaveLength(1);
    expect(s.reflector.problem()).toBeUndefined();
  });

  it.each([
    ['answers 503', () => failure(503, 'ServiceUnavailable')],
    ['answers nonsense', () => plain(200, '<html>')],
    ['forbids it', () => failure(403, 'Forbidden')],
    ['cuts the connection', () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))],
    ['does not answer', silence],
  ])('keeps trying with growing pauses while the server %s, and says so', async (_, bad) => {
    let away = true;
    const s = scene({ lists: [() => (away ? bad() : listOf('10', [thing('a', '1')]))] });
    await s.clock.advanceAsync(10 * 60_000);
    expect(s.reflector.hasSynced()).toBe(false);
    expect(s.reflector.problem()).toMatch(/^things.example.dev: /);
    away = false;
    await s.clock.advanceAsync(60_000);
    expect(s.reflector.hasSynced()).toBe(true);
    expect(s.reflector.problem()).toBeUndefined();
    expect(s.logged.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });

  it('does not hammer a server that is away', async () => {
    const s = scene({ lists: [() => failure(503, 'ServiceUnavailable')] });
    await s.clock.advanceAsync(10 * 60_000);
    expect(s.lists.length).toBeGreaterThan(40);
    expect(s.lists.length).toBeLessThan(100);
  });

  it('waits as long as an overloaded server asks', async () => {
    const busy = () => failure(429, 'TooManyRequests', { details: { retryAfterSeconds: 30 } });
    const s = scene({ lists: [busy, () => listOf('10', [])] });
    await s.clock.advanceAsync(29_000);
    expect(s.lists).toHaveLength(1);
    await s.clock.advanceAsync(2000);
    expect(s.reflector.hasSynced()).toBe(true);
  });

  it('does not hammer a server that ends every watch at once', async () => {
    const over = () => {
      const stream = new WatchStream();
      stream.end();
      return stream.response;
    };
    const s = scene({ lists: [() => listOf('10', [])], watches: Array.from({ length: 1000 }, () => over) });
    await s.clock.advanceAsync(10 * 60_000);
    expect(s.watches.length).toBeLessThan(100);
  });

  it('waits for a CRD that is not there yet, names it, and is ready soon after it came', async () => {
    let installed = false;
    const s = scene({ lists: [() => (installed ? listOf('1', []) : failure(404, 'NotFound'))] });
    await s.clock.advanceAsync(10 * 60_000);
    expect(s.reflector.problem()).toMatch(/things.example.dev.*CustomResourceDefinition installed\?/);
    installed = true;
    await s.clock.advanceAsync(2000);
    await s.reflector.synced(s.signal);
    expect(s.reflector.problem()).toBeUndefined();
  });

  it('keeps what it knows when its CRD is deleted, and follows the next one', async () => {
    const s = scene({
      lists: [() => listOf('10', [thing('a', '1')]), () => failure(404, 'NotFound'), () => listOf('30', [])],
      watches: [() => failure(404, 'NotFound')],
    });
    await s.flush();
    expect(s.reflector.store.size).toBe(1);
    await s.clock.advanceAsync(60_000);
    expect(s.changes).toEqual(['added a 1', 'deleted a 1']);
  });

  it('takes a watch without a byte for dead, and misses nothing by that', async () => {
    const s = scene({ lists: [() => listOf('10', [])] });
    await s.flush();
    await s.clock.advanceAsync(149_000);
    expect(s.watches).toHaveLength(1);
    await s.clock.advanceAsync(2000);
    expect(s.watches.map((watch) => watch.from)).toEqual(['10', '10']);
    expect(s.reflector.problem()).toBeUndefined();
    expect(s.lists).toHaveLength(1);
  });

  it('watches several namespaces, each on its own, and has synced when all have', async () => {
    const inNamespace: Handler = (_, request) => {
      if (request.path.includes('/namespaces/two/')) return failure(403, 'Forbidden');
      return listOf('10', [thing('a', '1', 'one')]);
    };
    const s = scene({ lists: [inNamespace] }, { namespaces: ['one', 'two', 'one'] });
    await s.flush();
    expect(s.reflector.hasSynced()).toBe(false);
    expect(s.reflector.problem()).toMatch(/in namespace two/);
    expect([...s.reflector.store.keys()]).toEqual(['one/a']);
    expect(s.watches).toHaveLength(1);
  });

  it('follows objects of some names, each on its own, as RBAC allows it by name', async () => {
    const byName: Handler = (parameters) => {
      const selector = parameters.get('fieldSelector');
      if (selector === 'metadata.name=two') return failure(403, 'Forbidden');
      return listOf('10', selector === 'metadata.name=one' ? [thing('one', '1', '')] : [thing('stranger', '1', '')]);
    };
    const type = { ...THINGS, namespaced: false };
    const s = scene({ lists: [byName] }, { type, namespaces: ['ns'], names: ['one', 'two', 'one'] });
    await s.flush();
    expect(s.reflector.hasSynced()).toBe(false);
    expect(s.reflector.problem()).toMatch(/called two/);
    expect([...s.reflector.store.keys()]).toEqual(['one']);
    expect(s.watches.map(({ parameters }) => parameters.get('fieldSelector'))).toEqual(['metadata.name=one']);
  });

  it('decides by one read when a list and a write of ours crossed', async () => {
    const slow = Promise.withResolvers<KubeResponse>();
    const s = scene({
      lists: [() => listOf('10', [thing('a', '1')]), () => slow.promise],
      watches: [() => failure(410, 'Gone')],
      gets: () => json(200, thing('a', '30')),
    });
    await s.flush();
    await s.clock.advanceAsync(1000);
    expect(s.lists).toHaveLength(2);
    const key = objectKey({ namespace: 'ns', name: 'a' });
    await s.reflector.store.write(key, async () => thing('a', '20'));
    slow.resolve(listOf('40', [thing('a', '30')]));
    await s.flush();
    expect(s.reflector.store.get(key)?.metadata.resourceVersion).toBe('30');
    expect(s.reflector.store.pendingWrites).toBe(0);
  });

  it('lists anew when that read finds nothing and the list had nothing either', async () => {
    const slow = Promise.withResolvers<KubeResponse>();
    const s = scene({
      lists: [() => listOf('10', [thing('a', '1')]), () => slow.promise, () => listOf('50', [])],
      watches: [() => failure(410, 'Gone')],
      gets: () => failure(404, 'NotFound'),
    });
    await s.clock.advanceAsync(1000);
    await s.reflector.store.write(objectKey({ namespace: 'ns', name: 'a' }), async () => thing('a', '20'));
    slow.resolve(listOf('40', []));
    await s.clock.advanceAsync(1000);
    expect(s.lists).toHaveLength(3);
    expect([s.reflector.store.size, s.reflector.store.pendingWrites]).toEqual([0, 0]);
    expect(s.watches.at(-1)?.from).toBe('50');
  });

  it('survives a listener that throws, and says whose fault it is', async () => {
    const s = scene({ lists: [() => listOf('10', [thing('a', '1')])] });
    s.reflector.store.onChange(() => {
      throw new Error('bug in a listener');
    });
    await s.flush();
    expect(s.reflector.hasSynced()).toBe(true);
    expect(s.logged.join()).toContain('bug in a listener');
  });

  it('ends with its signal, in every state, and leaves nothing behind', async () => {
    const states: Handler[] = [() => listOf('10', []), () => failure(503, 'ServiceUnavailable'), silence];
    for (const state of states) {
      const s = scene({ lists: [state] });
      await s.flush();
      const waiting = s.reflector.hasSynced() ? undefined : s.reflector.synced(s.signal);
      s.stop();
      await s.ended;
      await expect(waiting ?? Promise.reject(new Error('stop'))).rejects.toThrow('stop');
      expect(s.clock.pending).toBe(0);
    }
  });
});
