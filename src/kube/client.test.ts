import { describe, expect, it } from 'vitest';
import {
  failure,
  json,
  plain,
  scriptedTransport,
  silence,
  WatchStream,
} from '../../test/harness/scripted-transport.ts';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { KubeClient } from './client.ts';
import {
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isInvalid,
  isMissingNamespace,
  isNotFound,
  isTerminatingNamespace,
  KubeApiError,
  KubeProtocolError,
  KubeRequestError,
} from './errors.ts';
import type { KubeObject, ResourceType } from './object.ts';
import type { KubeRequest, KubeResponse } from './transport.ts';
import type { WatchEvent } from './watch-events.ts';

const THINGS: ResourceType = { group: 'example.dev', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };
const PODS: ResourceType = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };

function thing(name: string, resourceVersion = '1'): KubeObject {
  const metadata = { name, namespace: 'ns', uid: `uid-${name}`, resourceVersion };
  return { apiVersion: 'example.dev/v1', kind: 'Thing', metadata };
}

function clientOf(answer: (request: KubeRequest) => KubeResponse | Promise<KubeResponse>) {
  const clock = new VirtualClock();
  const { transport, requests } = scriptedTransport(answer);
  const counted: string[] = [];
  const metrics = {
    request: (labels: { code: string; method: string; host: string }) =>
      counted.push(`${labels.method} ${labels.host} ${labels.code}`),
  };
  const client = new KubeClient({ transport, clock, metrics, host: 'api:6443' });
  return { client, clock, requests, counted };
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
}

describe('the Kubernetes client', () => {
  it('lists a page, with the kind that the API server leaves out of items', async () => {
    const { client, requests, counted } = clientOf(() =>
      json(200, { metadata: { resourceVersion: '7', continue: 'tok' }, items: [{ metadata: thing('a').metadata }] }),
    );
    const page = await client.list(THINGS, { namespace: 'ns', limit: 500, labelSelector: 'a=b,c in (d)' });
    expect(page).toEqual({ items: [thing('a')], resourceVersion: '7', continue: 'tok' });
    expect(requests[0]?.path).toBe(
      '/apis/example.dev/v1/namespaces/ns/things?limit=500&labelSelector=a%3Db%2Cc+in+%28d%29',
    );
    expect(counted).toEqual(['GET api:6443 200']);
  });

  it.each([
    ['a grouped kind', THINGS, { namespace: 'ns', name: 'a' }, '/apis/example.dev/v1/namespaces/ns/things/a'],
    ['the core group', PODS, { namespace: 'ns', name: 'a' }, '/api/v1/namespaces/ns/pods/a'],
    ['a cluster-scoped kind', { ...THINGS, namespaced: false }, { name: 'a' }, '/apis/example.dev/v1/things/a'],
    [
      'a name that would leave its place',
      THINGS,
      { namespace: 'ns', name: '../x' },
      '/apis/example.dev/v1/namespaces/ns/things/..%2Fx',
    ],
  ])('addresses %s by its path', async (_, type, target, path) => {
    const { client, requests } = clientOf(() => json(200, thing('a')));
    await client.get(type, target);
    expect(requests[0]?.path).toBe(path);
  });

  const status = { status: { ok: true }, fieldManager: 'me' };
  const target = { namespace: 'ns', name: 'a', uid: 'uid-a' };
  const versions = (requests: readonly KubeRequest[]) =>
    requests.map(({ method, body }) => `${method} ${body ? JSON.parse(body).metadata.resourceVersion : ''}`);

  it('applies a status to the very version that was meant', async () => {
    const { client, requests } = clientOf(() => json(200, thing('a')));
    await client.applyStatus(THINGS, { ...target, resourceVersion: '4' }, status);
    const [request] = requests;
    expect(request).toMatchObject({
      method: 'PATCH',
      path: '/apis/example.dev/v1/namespaces/ns/things/a/status?fieldManager=me&force=true',
      headers: { 'content-type': 'application/apply-patch+yaml' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      apiVersion: 'example.dev/v1',
      kind: 'Thing',
      metadata: { name: 'a', namespace: 'ns', uid: 'uid-a', resourceVersion: '4' },
      status: { ok: true },
    });
    const changed = clientOf(() => failure(409, 'Conflict'));
    const refused = errorOf(changed.client.applyStatus(THINGS, { ...target, resourceVersion: '4' }, status));
    expect(isConflict(await refused)).toBe(true);
    expect(changed.requests).toHaveLength(1);
  });

  it('applies a status to an object that others change meanwhile, by looking again', async () => {
    const { client, requests } = clientOf(({ method, body }) => {
      if (method === 'GET') return json(200, thing('a', '9'));
      return body?.includes('"resourceVersion":"9"') ? json(200, thing('a', '10')) : failure(409, 'Conflict');
    });
    const written = await client.applyStatus(THINGS, { ...target, lastSeen: '4' }, status);
    expect(written.metadata.resourceVersion).toBe('10');
    expect(versions(requests)).toEqual(['PATCH 4', 'GET ', 'PATCH 9']);
  });

  it('never applies a status to another object that took the name', async () => {
    const { client, requests } = clientOf(({ method }) =>
      method === 'GET'
        ? json(200, { ...thing('a'), metadata: { ...thing('a').metadata, uid: 'young' } })
        : failure(409, 'Conflict'),
    );
    const error = await errorOf(client.applyStatus(THINGS, { ...target, lastSeen: '4' }, status));
    expect(isConflict(error)).toBe(true);
    expect(String(error)).toContain('another object now');
    expect(versions(requests)).toEqual(['PATCH 4', 'GET ']);
    await errorOf(client.applyStatus(THINGS, target, status));
    expect(versions(requests)).toEqual(['PATCH 4', 'GET ', 'GET ']);
  });

  it('asks before each sending whether it still may, also when it looks again', async () => {
    let term = 1;
    const check = () => {
      if (term-- <= 0) throw new Error('not leading any more');
    };
    const { client, requests } = clientOf(({ method }) =>
      method === 'GET' ? json(200, thing('a', '9')) : failure(409, 'Conflict'),
    );
    const refused = errorOf(client.applyStatus(THINGS, { ...target, lastSeen: '4' }, { ...status, check }));
    expect(String(await refused)).toContain('not leading any more');
    expect(versions(requests)).toEqual(['PATCH 4', 'GET ']);
  });

  it('gives up on an object that changes faster than it can be read', async () => {
    const { client, requests } = clientOf(({ method }) =>
      method === 'GET' ? json(200, thing('a', '9')) : failure(409, 'Conflict'),
    );
    expect(isConflict(await errorOf(client.applyStatus(THINGS, target, status)))).toBe(true);
    expect(requests.length).toBeLessThan(12);
  });

  it('deletes only the object that was meant', async () => {
    const { client, requests } = clientOf(() => json(200, { kind: 'Status' }));
    await client.delete(THINGS, { namespace: 'ns', name: 'a' }, { uid: 'u', resourceVersion: '4' });
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ preconditions: { uid: 'u', resourceVersion: '4' } });
  });

  const cause = (reason: string) => ({ details: { causes: [{ reason, message: 'm', field: 'f' }] } });
  it.each([
    ['NotFound', failure(404, 'NotFound'), isNotFound],
    ['AlreadyExists', failure(409, 'AlreadyExists'), isAlreadyExists],
    ['Conflict', failure(409, 'Conflict'), isConflict],
    ['Expired', failure(410, 'Expired'), isGone],
    ['Forbidden', failure(403, 'Forbidden'), isForbidden],
    ['Invalid', failure(422, 'Invalid'), isInvalid],
    ['a namespace that ends', failure(403, 'Forbidden', cause('NamespaceTerminating')), isTerminatingNamespace],
    ['a namespace that is gone', failure(404, 'NotFound', { details: { kind: 'namespaces' } }), isMissingNamespace],
    ['a proxy that answers in its own words', plain(404, '404 page not found'), isNotFound],
  ])('tells %s by the reason, not by the words', async (_, response, predicate) => {
    const { client } = clientOf(() => response);
    const error = await errorOf(client.get(THINGS, { namespace: 'ns', name: 'a' }));
    expect(predicate(error)).toBe(true);
    expect(predicate(new Error('NotFound Conflict Expired Forbidden is being terminated'))).toBe(false);
  });

  it('takes AlreadyExists for no Conflict, and a plain Forbidden for no terminating namespace', async () => {
    const exists = await errorOf(clientOf(() => failure(409, 'AlreadyExists')).client.create(THINGS, thing('a')));
    expect(isConflict(exists)).toBe(false);
    const forbidden = await errorOf(clientOf(() => failure(403, 'Forbidden')).client.create(THINGS, thing('a')));
    expect(isTerminatingNamespace(forbidden)).toBe(false);
  });

  it('says which request failed, and how long the server asks to wait', async () => {
    const { client } = clientOf(() =>
      json(429, { reason: 'TooManyRequests', message: 'slow down' }, { 'retry-after': '3' }),
    );
    const error = await errorOf(client.get(THINGS, { namespace: 'ns', name: 'a' }));
    expect(error).toBeInstanceOf(KubeApiError);
    expect(error).toMatchObject({
      status: 429,
      retryAfterSeconds: 3,
      message: 'GET /apis/example.dev/v1/namespaces/ns/things/a: 429 slow down',
    });
  });

  it.each([
    ['HTML', plain(200, '<html>login</html>')],
    ['half an answer', plain(200, '{"metadata": {')],
    ['JSON that is no object', json(200, [])],
    ['an empty answer', plain(200, '')],
  ])('takes %s for a fault of whoever answered, not for an object', async (_, response) => {
    const { client } = clientOf(() => response);
    expect(await errorOf(client.get(THINGS, { namespace: 'ns', name: 'a' }))).toBeInstanceOf(KubeProtocolError);
  });

  it('does not break off what was read to its end, even where it was refused', async () => {
    const { client, requests } = clientOf(({ path }) =>
      path.includes('/gone') ? failure(404, 'NotFound') : json(200, { metadata: { name: 'a', namespace: 'ns' } }),
    );
    await client.get(THINGS, { namespace: 'ns', name: 'a' }).catch(() => {});
    await client.get(THINGS, { namespace: 'ns', name: 'gone' }).catch(() => {});
    expect(requests.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  });

  it('gives up a request that is not answered within 30 s, and closes it', async () => {
    const { client, clock, requests, counted } = clientOf(silence);
    const failed = errorOf(client.get(THINGS, { namespace: 'ns', name: 'a' }));
    await clock.advanceAsync(29_999);
    expect(requests[0]?.signal.aborted).toBe(false);
    await clock.advanceAsync(1);
    const error = await failed;
    expect(error).toBeInstanceOf(KubeRequestError);
    expect(error).toMatchObject({ timedOut: true, message: expect.stringContaining('no answer within 30 s') });
    expect(requests[0]?.signal.aborted).toBe(true);
    expect(counted).toEqual(['GET api:6443 <error>']);
  });

  it('gives up when headers came but the body never ends', async () => {
    const { client, clock } = clientOf(() => new WatchStream().response);
    const failed = errorOf(client.get(THINGS, { namespace: 'ns', name: 'a' }));
    await clock.advanceAsync(30_000);
    expect(await failed).toMatchObject({ timedOut: true });
  });

  it("throws the caller's own reason when the caller aborts, and leaves no timer behind", async () => {
    const { client, clock } = clientOf(silence);
    const aborter = new AbortController();
    const failed = errorOf(client.get(THINGS, { namespace: 'ns', name: 'a' }, aborter.signal));
    aborter.abort(new Error('we stop'));
    expect(await failed).toMatchObject({ message: 'we stop' });
    expect(clock.pending).toBe(0);
  });

  it('says in words that nobody listens', async () => {
    const { client } = clientOf(() => {
      throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6443'), { code: 'ECONNREFUSED' });
    });
    const error = await errorOf(client.serverVersion());
    expect(error).toMatchObject({ message: expect.stringContaining('GET /version: connection refused') });
  });
});

describe('a watch', () => {
  function watching() {
    const stream = new WatchStream();
    const parts = clientOf(() => stream.response);
    const aborter = new AbortController();
    const seen: WatchEvent[] = [];
    const options = { resourceVersion: '5', allowWatchBookmarks: true, timeoutSeconds: 300, silenceMs: 60_000 };
    const ended = (async () => {
      for await (const event of parts.client.watch(THINGS, options, aborter.signal)) seen.push(event);
    })();
    ended.catch(() => {});
    return { ...parts, stream, aborter, seen, ended };
  }

  it('brings every kind of event in order', async () => {
    const { stream, seen, ended, requests } = watching();
    stream.event('ADDED', thing('a', '6'));
    stream.event('MODIFIED', thing('a', '7'));
    stream.event('BOOKMARK', { metadata: { resourceVersion: '8' } });
    stream.event('DELETED', thing('a', '9'));
    stream.end();
    await ended;
    expect(seen).toEqual([
      { type: 'ADDED', object: thing('a', '6') },
      { type: 'MODIFIED', object: thing('a', '7') },
      { type: 'BOOKMARK', resourceVersion: '8' },
      { type: 'DELETED', object: thing('a', '9') },
    ]);
    expect(requests[0]?.path).toBe(
      '/apis/example.dev/v1/things?watch=true&resourceVersion=5&allowWatchBookmarks=true&timeoutSeconds=300',
    );
  });

  it.each([
    ['a line that is not JSON', 'garbage\n'],
    ['a line that is no event', '[1]\n'],
    ['an event of unknown type', '{"type":"MOVED","object":{"metadata":{"resourceVersion":"1"}}}\n'],
    ['an event without a resourceVersion', '{"type":"ADDED","object":{"metadata":{}}}\n'],
    ['an event without an object', '{"type":"ADDED"}\n'],
  ])('fails on %s after the good ones, and never passes over it', async (_, line) => {
    const { stream, seen, ended } = watching();
    stream.event('ADDED', thing('a', '6'));
    stream.bytes(line);
    await expect(ended).rejects.toBeInstanceOf(KubeProtocolError);
    expect(seen).toHaveLength(1);
  });

  it('throws what an ERROR event says', async () => {
    const { stream, ended } = watching();
    stream.event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' });
    const error = await errorOf(ended);
    expect(isGone(error)).toBe(true);
  });

  it('throws when it is refused at connect', async () => {
    const { client } = clientOf(() => failure(410, 'Gone'));
    const next = client.watch(THINGS, {}, new AbortController().signal).next();
    expect(isGone(await errorOf(next))).toBe(true);
  });

  it('notices a connection that died without a word, and counts only silence of the server', async () => {
    const { stream, seen, ended, clock, requests } = watching();
    await clock.advanceAsync(59_000);
    stream.event('BOOKMARK', { metadata: { resourceVersion: '8' } });
    await clock.advanceAsync(59_000);
    expect(seen).toHaveLength(1);
    expect(requests[0]?.signal.aborted).toBe(false);
    await clock.advanceAsync(1000);
    await expect(ended).rejects.toMatchObject({ timedOut: true });
  });

  it('closes the connection when the reader leaves', async () => {
    const stream = new WatchStream();
    const { client, requests, clock } = clientOf(() => stream.response);
    stream.event('ADDED', thing('a', '6'));
    for await (const _ of client.watch(THINGS, { silenceMs: 1000 }, new AbortController().signal)) break;
    expect(requests[0]?.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('ends with the reason of whoever aborts it', async () => {
    const { aborter, ended, clock } = watching();
    await clock.advanceAsync(1);
    aborter.abort(new Error('we stop'));
    await expect(ended).rejects.toThrow('we stop');
  });
});
