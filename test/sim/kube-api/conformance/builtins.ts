import { beforeAll, describe, expect, it } from 'vitest';
import { at, type JsonObject, objectAt } from '../json.ts';
import type { ConformanceTarget } from './target.ts';
import { type Collection, expectCode, type ResourceName, versionOf, Wire } from './wire.ts';

const LEASES: ResourceName = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', plural: 'leases' };
const EVENTS: ResourceName = { apiVersion: 'events.k8s.io/v1', kind: 'Event', plural: 'events' };
const TIME = '2026-01-01T00:00:00.000000Z';

/** The types of Kubernetes' own that the operator writes: Leases and Events. */
export function builtins(target: () => ConformanceTarget): void {
  describe('Leases', () => {
    let leases: Collection;
    beforeAll(async () => {
      const wire = new Wire(target());
      leases = wire.collection(LEASES, await wire.namespace());
    });

    it('one is created, taken over and renewed by whoever knows its version', async () => {
      const spec = {
        holderIdentity: 'one',
        leaseDurationSeconds: 15,
        acquireTime: TIME,
        renewTime: TIME,
        leaseTransitions: 0,
      };
      const made = await leases.made('lock', { spec });
      expect(made.spec).toEqual(spec);
      expect(at(made, 'metadata', 'generation')).toBeUndefined();
      expect((await leases.create(leases.object('lock', { spec }))).code).toBe(409);
      const taken = { ...made, spec: { ...spec, holderIdentity: 'two', leaseTransitions: 1 } };
      const held = expectCode(await leases.put('lock', taken), 200);
      expect(held.spec).toEqual(taken.spec);
      expect(await leases.put('lock', taken)).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
      const released = { ...held, spec: { ...spec, holderIdentity: '', leaseTransitions: 1 } };
      const free = expectCode(await leases.put('lock', released), 200);
      expect(versionOf(free)).not.toBe(versionOf(held));
    });
  });

  describe('Events', () => {
    let events: Collection;
    let namespace: string;
    beforeAll(async () => {
      const wire = new Wire(target());
      namespace = await wire.namespace();
      events = wire.collection(EVENTS, namespace);
    });

    const event = (more: JsonObject = {}): JsonObject => ({
      eventTime: TIME,
      reportingController: 'ecs-operator.dev/controller',
      reportingInstance: 'one',
      action: 'Reconcile',
      reason: 'Created',
      note: 'größe',
      type: 'Normal',
      regarding: { apiVersion: 'v1', kind: 'Thing', name: 'x', namespace, uid: 'u', resourceVersion: '1' },
      ...more,
    });

    it('one is kept as it was written, and counted in a series', async () => {
      const made = await events.made('told', event());
      expect(made).toMatchObject(event());
      const series = { count: 2, lastObservedTime: TIME };
      expect(expectCode(await events.patch('told', { series }), 200)).toMatchObject({ series });
      const alone = await events.patch('told', { series: { count: 1, lastObservedTime: TIME } });
      expect(alone).toMatchObject({ code: 422, body: { details: { causes: [{ field: 'series.count' }] } } });
    });

    it.each<readonly [string, JsonObject, readonly string[]]>([
      [
        'without who reports',
        { reportingController: '', reportingInstance: '' },
        ['reportingController', 'reportingInstance'],
      ],
      ['without action, reason or time', { action: '', reason: '', eventTime: null }, ['eventTime']],
      ['of an unknown type', { type: 'Alarm' }, ['type']],
      ['with a note that is too long', { note: 'é'.repeat(600) }, ['message']],
      [
        'about something without a namespace',
        { regarding: { kind: 'Thing', name: 'x' } },
        ['involvedObject.namespace'],
      ],
    ])('one %s is refused', async (_what, more, fields) => {
      const answer = await events.create(events.object('refused', event(more)));
      expect(answer.code).toBe(422);
      const causes = objectAt(answer.body, 'details')?.causes as readonly JsonObject[];
      expect(causes.map(({ field }) => field)).toEqual(expect.arrayContaining([...fields]));
    });

    it('what an event says cannot be changed', async () => {
      await events.made('fixed', event());
      expect(await events.patch('fixed', { note: 'else' })).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
    });
  });
}
