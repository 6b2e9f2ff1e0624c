import { beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/runtime/random.ts';
import { VirtualClock } from '../../../../src/runtime/virtual-clock.ts';
import { CLUSTERS, type Collection, Wire } from '../conformance/wire.ts';
import { InMemoryKubeApi } from '../in-memory-kube-api.ts';
import { textAt } from '../json.ts';
import type { Watch } from './watch.ts';

/** What can go wrong with a watch, as a simulation asks for it. */
describe('a watch that goes wrong', () => {
  let clusters: Collection;
  let watch: Watch;
  let lines: string[];
  let failure: unknown;
  let abort: AbortController;
  let clock: VirtualClock;

  beforeEach(async () => {
    clock = new VirtualClock();
    const api = new InMemoryKubeApi({ clock, random: seededRandom(1), namespaces: ['shop'] });
    const target = { transport: api.transport, uniqueName: (text: string) => text, until: () => Promise.reject() };
    clusters = new Wire(target).collection(CLUSTERS, 'shop');
    abort = new AbortController();
    const path = `${clusters.path}?watch=true`;
    const { body } = await api.transport({ method: 'GET', path, headers: {}, signal: abort.signal });
    const [opened] = api.watches;
    if (opened === undefined) throw new Error('no watch is under way');
    watch = opened;
    lines = [];
    failure = undefined;
    void read(body);
  });

  async function read(body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of body) lines.push(Buffer.from(chunk).toString());
      failure = 'ended';
    } catch (error) {
      failure = error;
    }
  }
  const make = (name: string) => clusters.made(name, { spec: {} });
  const named = () =>
    lines.map((line) => {
      const { type, object } = JSON.parse(line);
      return `${type} ${textAt(object, 'metadata', 'name')}`;
    });
  /** Lets the reader take what has come. */
  const settle = () => clock.advanceAsync(0);

  it('drops, doubles and swaps events, as whoever intercepts them says', async () => {
    watch.intercept = (event) => (textAt(event.object, 'metadata', 'name') === 'dropped' ? [] : [event, event]);
    await make('dropped');
    await make('doubled');
    await settle();
    expect(named()).toEqual(['ADDED doubled', 'ADDED doubled']);
  });

  it('sends bytes that are no event', async () => {
    watch.raw('{"type":"ADD');
    await settle();
    expect(lines).toEqual(['{"type":"ADD']);
  });

  it('holds everything back while it is paused, and loses nothing', async () => {
    watch.pause();
    await make('late');
    await settle();
    expect(lines).toEqual([]);
    watch.resume();
    await settle();
    expect(named()).toEqual(['ADDED late']);
  });

  it('ends as after its time, with all that was sent', async () => {
    await make('last');
    watch.end();
    await settle();
    expect([named(), failure]).toEqual([['ADDED last'], 'ended']);
    expect(watch.isOpen).toBe(false);
  });

  it('breaks like a connection, and loses what was under way', async () => {
    watch.pause();
    await make('lost');
    watch.reset();
    await settle();
    expect([lines, failure]).toEqual([[], expect.objectContaining({ code: 'ECONNRESET' })]);
  });

  it('breaks with the reason of whoever aborts it, and leaves no timer behind', async () => {
    const reason = new Error('enough');
    abort.abort(reason);
    await settle();
    expect(failure).toBe(reason);
    expect(clock.pending).toBe(0);
  });
});
