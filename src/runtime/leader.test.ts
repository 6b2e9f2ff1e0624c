import { describe, expect, it } from 'vitest';
import { failure, json, scriptedTransport, silence } from '../../test/harness/scripted-transport.ts';
import { KubeClient } from '../kube/client.ts';
import type { KubeRequest, KubeResponse } from '../kube/transport.ts';
import { LeaderElector } from './leader.ts';
import type { Leadership } from './leadership.ts';
import type { Log } from './log.ts';
import { seededRandom } from './random.ts';
import { VirtualClock } from './virtual-clock.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A Lease in an API server with optimistic locking. */
class LeaseServer {
  lease: { metadata: { resourceVersion: string }; spec: Record<string, unknown> } | undefined;
  #version = 0;
  /** Answers instead, or undefined to let the server answer. */
  fault: ((request: KubeRequest) => KubeResponse | Promise<KubeResponse> | undefined) | undefined;
  writes = 0;

  answer(request: KubeRequest): KubeResponse | Promise<KubeResponse> {
    return this.fault?.(request) ?? this.serve(request);
  }

  serve(request: KubeRequest): KubeResponse {
    const body = request.body === undefined ? undefined : JSON.parse(request.body);
    if (request.method === 'POST' && this.lease) return failure(409, 'AlreadyExists');
    if (request.method !== 'POST' && !this.lease) return failure(404, 'NotFound');
    if (request.method === 'PUT' && body.metadata.resourceVersion !== this.lease?.metadata.resourceVersion) {
      return failure(409, 'Conflict');
    }
    if (body) {
      this.writes++;
      const metadata = { name: 'lock', namespace: 'ns', uid: 'u', resourceVersion: String(++this.#version) };
      this.lease = { ...body, metadata };
    }
    return json(200, this.lease);
  }
}

/** A process that takes part, with a clock of its own that may go wrong. */
class Candidate {
  readonly clock: VirtualClock;
  readonly elector: LeaderElector;
  readonly status: boolean[] = [];
  readonly #stop = new AbortController();
  term: Leadership | undefined;
  paused = false;

  constructor(server: LeaseServer, identity: string, clockStart = 1_767_225_600_000) {
    this.clock = new VirtualClock(clockStart);
    const { transport } = scriptedTransport((request) => server.answer(request));
    this.elector = new LeaderElector({
      client: new KubeClient({ transport, clock: this.clock }),
      clock: this.clock,
      random: seededRandom(identity.length + clockStart),
      log: quiet,
      metrics: { leading: (_, isLeader) => this.status.push(isLeader) },
      namespace: 'ns',
      name: 'lock',
      identity,
    });
    this.elector.campaign(this.#stop.signal).then(
      (term) => {
        this.term = term;
      },
      () => {},
    );
  }

  get leads(): boolean {
    return this.elector.isLeader();
  }

  die(): void {
    this.paused = true;
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('stop'));
    const released = this.term?.release();
    await this.clock.advanceAsync(0);
    await released;
  }
}

/** Lets time pass for all that are not paused, second by second, and returns how many led at once at most. */
async function pass(seconds: number, ...candidates: readonly Candidate[]): Promise<number> {
  let most = 0;
  for (let i = 0; i < seconds * 4; i++) {
    for (const candidate of candidates) if (!candidate.paused) await candidate.clock.advanceAsync(250);
    most = Math.max(most, candidates.filter((candidate) => candidate.leads).length);
  }
  return most;
}

describe('leader election', () => {
  it('makes exactly one of several the leader, and keeps it', async () => {
    const server = new LeaseServer();
    const all = [new Candidate(server, 'one'), new Candidate(server, 'two2'), new Candidate(server, 'three')];
    expect(await pass(120, ...all)).toBe(1);
    expect(all.filter((candidate) => candidate.leads)).toHaveLength(1);
    expect(server.lease?.spec).toMatchObject({ leaseTransitions: 0, leaseDurationSeconds: 15 });
    expect(server.lease?.spec.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('hands over within the lease duration when the leader dies', async () => {
    const server = new LeaseServer();
    const one = new Candidate(server, 'one');
    await pass(1, one);
    const two = new Candidate(server, 'two2');
    await pass(20, one, two);
    one.die();
    await pass(12, two);
    expect(two.leads).toBe(false);
    await pass(6, two);
    expect(two.leads).toBe(true);
    expect(server.lease?.spec).toMatchObject({ holderIdentity: 'two2', leaseTransitions: 1 });
  });

  it('hands over at once when the leader stops in order', async () => {
    const server = new LeaseServer();
    const one = new Candidate(server, 'one');
    await pass(1, one);
    const two = new Candidate(server, 'two2');
    await pass(20, one, two);
    await one.stop();
    expect(one.leads).toBe(false);
    expect(one.term?.lost.aborted).toBe(false);
    await pass(3, two);
    expect(two.leads).toBe(true);
    expect(one.clock.pending).toBe(0);
  });

  it('a leader that was paused is refused by the clock when it wakes, before any timer has fired', async () => {
    const server = new LeaseServer();
    const one = new Candidate(server, 'one');
    await pass(1, one);
    const two = new Candidate(server, 'two2');
    await pass(5, one, two);
    expect(one.leads).toBe(true);
    one.die();
    await pass(20, two);
    expect(two.leads).toBe(true);
    // Its clock has gone on while it slept; the callbacks have not run yet.
    const woke = one.clock.now() + 20_000;
    one.clock.now = () => woke;
    expect(one.leads).toBe(false);
    expect(one.term?.isLeader()).toBe(false);
  });

  it('and its late renewal does not bring the term back', async () => {
    const server = new LeaseServer();
    const one = new Candidate(server, 'one');
    await pass(1, one);
    const late = Promise.withResolvers<void>();
    server.fault = (request) => (request.method === 'PUT' ? late.promise.then(() => server.serve(request)) : undefined);
    await pass(4, one);
    one.clock.advance(20_000);
    late.resolve();
    await pass(1, one);
    expect(one.leads).toBe(false);
    expect(one.term?.lost.aborted).toBe(true);
  });

  it.each([
    ['does not answer', silence],
    ['fails', () => failure(500, 'InternalError')],
    ['cannot be reached', () => Promise.reject(new Error('connection refused'))],
  ])('ends the term well before others may start, when the API server %s', async (_, fault) => {
    const server = new LeaseServer();
    const one = new Candidate(server, 'one');
    await pass(3, one);
    server.fault = fault;
    await pass(8, one);
    expect(one.leads).toBe(true);
    await pass(3, one);
    expect(one.leads).toBe(false);
    expect(one.term?.lost.aborted).toBe(true);
    expect(one.status).toEqual([false, true, false]);
  });

  it('outlives a short outage, and an answer that was lost', async () => {
    const server = new LeaseServer();
    const one = new Candidate(server, 'one');
    await pass(3, one);
    server.fault = (request) => {
      server.serve(request);
      return Promise.reject(new Error('connection reset'));
    };
    await pass(4, one);
    server.fault = undefined;
    await pass(60, one);
    expect(one.leads).toBe(true);
  });

  it('gives way when somebody else holds the lease, or deletes it', async () => {
    for (const happen of [
      (server: LeaseServer) => {
        const other = {
          metadata: { resourceVersion: '99' },
          spec: { holderIdentity: 'other', leaseDurationSeconds: 15 },
        };
        server.lease = other;
      },
      (server: LeaseServer) => {
        server.lease = undefined;
      },
    ]) {
      const server = new LeaseServer();
      const one = new Candidate(server, 'one');
      await pass(3, one);
      happen(server);
      await pass(4, one);
      expect(one.term?.lost.aborted).toBe(true);
      expect(one.leads).toBe(false);
    }
  });

  it('does not care about clocks that differ by hours', async () => {
    const server = new LeaseServer();
    const one = new Candidate(server, 'one', 1_767_225_600_000);
    await pass(1, one);
    const ahead = new Candidate(server, 'ahead', 1_767_225_600_000 + 5 * 3_600_000);
    const behind = new Candidate(server, 'behind', 1_767_225_600_000 - 5 * 3_600_000);
    expect(await pass(60, one, ahead, behind)).toBe(1);
    expect(one.leads).toBe(true);
  });

  it('waits as long as the holder promised, when that is longer than our own lease', async () => {
    const server = new LeaseServer();
    const spec = { holderIdentity: 'other', leaseDurationSeconds: 60, renewTime: '2020-01-01T00:00:00.000000Z' };
    server.lease = { metadata: { resourceVersion: '1' }, spec };
    const one = new Candidate(server, 'one');
    await pass(55, one);
    expect(one.leads).toBe(false);
    await pass(10, one);
    expect(one.leads).toBe(true);
  });

  it('ends a campaign with its signal', async () => {
    const server = new LeaseServer();
    server.fault = () => failure(503, 'ServiceUnavailable');
    const one = new Candidate(server, 'one');
    await pass(5, one);
    await one.stop();
    expect(one.clock.pending).toBe(0);
  });

  it('refuses durations with which two could lead', () => {
    const { transport } = scriptedTransport(silence);
    const clock = new VirtualClock();
    const options = { client: new KubeClient({ transport, clock }), clock, random: seededRandom(1), log: quiet };
    const names = { namespace: 'ns', name: 'lock', identity: 'one' };
    expect(() => new LeaderElector({ ...options, ...names, leaseMs: 10_000, renewWithinMs: 10_000 })).toThrow(
      /leaseMs/,
    );
  });
});
