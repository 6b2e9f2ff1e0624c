import { describe, expect, it } from 'vitest';
import { failure, json, scriptedTransport, silence } from '../../test/harness/scripted-transport.ts';
import { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { KubeRequest, KubeResponse } from '../kube/transport.ts';
import { type EventNotice, EventRecorder } from './events.ts';
import type { Log } from './log.ts';
import { seededRandom } from './random.ts';
import { VirtualClock } from './virtual-clock.ts';

function object(name = 'a', namespace: string | undefined = 'ns'): KubeObject {
  const metadata = { name, ...(namespace && { namespace }), uid: `uid-${name}`, resourceVersion: '1' };
  return { apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsService', metadata };
}

function notice(more: Partial<EventNotice> = {}): EventNotice {
  return { object: object(), type: 'Normal', reason: 'Created', action: 'Reconcile', note: 'made it', ...more };
}

function scene(
  answer: (request: KubeRequest) => KubeResponse | Promise<KubeResponse> | undefined = () => undefined,
  options = {},
) {
  const clock = new VirtualClock();
  const { transport, requests } = scriptedTransport(
    (request) => answer(request) ?? json(201, { metadata: { resourceVersion: '1' } }),
  );
  const logged: string[] = [];
  const log: Log = { debug: (message) => logged.push(message), info() {}, warn() {}, error() {} };
  const recorder = new EventRecorder({
    client: new KubeClient({ transport, clock }),
    clock,
    random: seededRandom(1),
    log,
    reportingController: 'ecs-operator.dev/controller',
    reportingInstance: 'pod-1',
    ...options,
  });
  const sent = () =>
    requests.map((request) => ({ method: request.method, path: request.path, body: JSON.parse(request.body ?? '{}') }));
  return { clock, recorder, sent, logged };
}

describe('events', () => {
  it('have names that Kubernetes takes, wherever the name of a long object is cut', async () => {
    const s = scene();
    s.recorder.record(notice({ object: object(`${'long-'.repeat(50)}end`) }));
    await s.clock.advanceAsync(0);
    expect(s.sent()[0]?.body.metadata.name).toMatch(/^(long-){45}long\.[0-9a-f]{16}$/);
  });

  it('are written as events.k8s.io/v1 wants them', async () => {
    const s = scene();
    s.recorder.record(notice());
    await s.clock.advanceAsync(0);
    const [first] = s.sent();
    expect(first).toMatchObject({ method: 'POST', path: '/apis/events.k8s.io/v1/namespaces/ns/events' });
    expect(first?.body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace: 'ns', name: expect.stringMatching(/^a\.[0-9a-f]{16}$/) },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'ecs-operator.dev/controller',
      reportingInstance: 'pod-1',
      regarding: { kind: 'EcsService', namespace: 'ns', name: 'a', uid: 'uid-a' },
      reason: 'Created',
      action: 'Reconcile',
      note: 'made it',
      type: 'Normal',
    });
    expect(first?.body).not.toHaveProperty('series');
  });

  it('about cluster-scoped objects go to the namespace default', async () => {
    const s = scene();
    const { apiVersion, kind, metadata } = object('acct');
    const { namespace: _, ...scopeless } = metadata;
    s.recorder.record(notice({ object: { apiVersion, kind, metadata: scopeless } }));
    await s.clock.advanceAsync(0);
    expect(s.sent()[0]?.path).toBe('/apis/events.k8s.io/v1/namespaces/default/events');
  });

  it('that repeat become one with a counter, written seldom', async () => {
    const s = scene();
    for (let i = 0; i < 100; i++) {
      s.recorder.record(notice());
      await s.clock.advanceAsync(1000);
    }
    await s.clock.advanceAsync(60_000);
    const [created, ...patches] = s.sent();
    expect(created?.method).toBe('POST');
    expect(patches.length).toBeLessThanOrEqual(4);
    expect(patches.at(-1)).toMatchObject({
      method: 'PATCH',
      path: `/apis/events.k8s.io/v1/namespaces/ns/events/${created?.body.metadata.name}`,
      body: { series: { count: 100 } },
    });
  });

  it('that say something else are told of their own, and after some minutes anew', async () => {
    const s = scene();
    s.recorder.record(notice());
    s.recorder.record(notice({ note: 'made another' }));
    s.recorder.record(notice({ object: object('b') }));
    await s.clock.advanceAsync(7 * 60_000);
    s.recorder.record(notice());
    await s.clock.advanceAsync(0);
    expect(s.sent().map((request) => request.method)).toEqual(['POST', 'POST', 'POST', 'POST']);
  });

  it('begin anew when Kubernetes has thrown the first one away', async () => {
    const s = scene((request) => (request.method === 'PATCH' ? failure(404, 'NotFound') : undefined));
    s.recorder.record(notice());
    await s.clock.advanceAsync(0);
    s.recorder.record(notice());
    await s.clock.advanceAsync(60_000);
    expect(s.sent().map((request) => request.method)).toEqual(['POST', 'PATCH', 'POST']);
    expect(s.sent()[2]?.body.series.count).toBe(2);
  });

  const terminating = { details: { causes: [{ reason: 'NamespaceTerminating', message: '', field: '' }] } };
  it.each([
    ['in a namespace on its way out', failure(403, 'Forbidden', terminating)],
    ['in a namespace that is gone', failure(404, 'NotFound', { details: { kind: 'namespaces' } })],
  ])('%s are dropped without a word', async (_, response) => {
    const s = scene((request) => (request.path.includes('/ns/') ? response : undefined));
    s.recorder.record(notice());
    s.recorder.record(notice({ object: object('b', 'other') }));
    await s.clock.advanceAsync(0);
    expect(s.sent()).toHaveLength(2);
    expect(s.logged).toEqual([]);
    expect(s.recorder.dropped).toBe(1);
  });

  it('never keep anybody waiting, and do not pile up while the API server is away', async () => {
    const s = scene(silence, { queueLimit: 10 });
    for (let i = 0; i < 50; i++) s.recorder.record(notice({ object: object(`o${i}`) }));
    await s.clock.advanceAsync(0);
    expect(s.sent()).toHaveLength(1);
    expect(s.recorder.dropped).toBe(39);
  });

  it('of one object are limited, without taking from others', async () => {
    const s = scene();
    for (let i = 0; i < 100; i++) s.recorder.record(notice({ note: `failure ${i}` }));
    s.recorder.record(notice({ object: object('b') }));
    await s.clock.advanceAsync(0);
    expect(s.sent()).toHaveLength(26);
    await s.clock.advanceAsync(60_000);
    s.recorder.record(notice({ note: 'one more' }));
    s.recorder.record(notice({ note: 'too many' }));
    await s.clock.advanceAsync(0);
    expect(s.sent()).toHaveLength(27);
  });

  it('are cut to 1024 bytes without breaking a character', async () => {
    const s = scene();
    s.recorder.record(notice({ note: 'é'.repeat(1000) }));
    s.recorder.record(notice({ note: '€'.repeat(1000) }));
    await s.clock.advanceAsync(0);
    for (const { body } of s.sent()) {
      expect(Buffer.byteLength(body.note)).toBeLessThanOrEqual(1024);
      expect(Buffer.byteLength(body.note)).toBeGreaterThan(1018);
      expect(body.note).toMatch(/^[é€]+…$/);
    }
  });

  it('that wait are written at the stop, counters too, but not for ever', async () => {
    const s = scene();
    s.recorder.record(notice());
    await s.clock.advanceAsync(0);
    s.recorder.record(notice());
    await s.recorder.stop();
    expect(s.sent().map((request) => request.method)).toEqual(['POST', 'PATCH']);
    expect(s.clock.pending).toBe(0);
    s.recorder.record(notice({ note: 'after the end' }));
    await s.clock.advanceAsync(60_000);
    expect(s.sent()).toHaveLength(2);

    const stuck = scene(silence);
    stuck.recorder.record(notice());
    const stopped = stuck.recorder.stop(2000);
    await stuck.clock.advanceAsync(2000);
    await stopped;
  });

  it('leave nothing behind of objects that are gone', async () => {
    const s = scene();
    for (let i = 0; i < 50; i++) s.recorder.record(notice({ object: object(`o${i}`) }));
    await s.clock.advanceAsync(3_600_000);
    s.recorder.record(notice());
    expect(s.recorder.remembered).toBe(1);
  });
});
