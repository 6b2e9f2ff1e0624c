import { describe, expect, it } from 'vitest';
import { Throttle } from '../fake-aws/throttle/throttle.ts';
import { sleep } from '../runtime/clock.ts';
import { seededRandom } from '../runtime/random.ts';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { BUCKETS } from './buckets.ts';
import { Gateway } from './gateway.ts';
import { Limiters } from './limiters.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { awsAnswer, RecordedMetrics } from './scripted-send.ts';

const target = { region: 'eu-west-1' };
const role = (account: string, name = 'deploy') => ({ ...target, roleArn: `arn:aws:iam::${account}:role/${name}` });

/** How many calls a limiter lets out at once. */
async function burstOf(limiter: ReturnType<Limiters['of']>): Promise<number> {
  let granted = 0;
  const aborter = new AbortController();
  for (let i = 0; i < 300; i++) {
    const ticket = limiter.enter({ priority: 'user', signal: aborter.signal });
    ticket.granted.then(() => granted++).catch(() => {});
  }
  await new Promise((resolve) => setImmediate(resolve));
  aborter.abort();
  return granted;
}

describe('Limiters', () => {
  it('stays below each of the documented buckets, since AWS counts other callers too', async () => {
    for (const { category } of Object.values(OPERATIONS)) {
      const limiters = new Limiters({ clock: new VirtualClock(), scale: 1 });
      const burst = await burstOf(limiters.of(target, category));
      expect(burst, category).toBeLessThan(BUCKETS[category].burst);
      expect(burst, category).toBeGreaterThanOrEqual(BUCKETS[category].burst * 0.8);
    }
  });

  it('has one limiter per account, region and category: roles of one account share it', () => {
    const limiters = new Limiters({ clock: new VirtualClock(), scale: 1 });
    const one = limiters.of(role('111111111111'), 'service-modify');
    expect(limiters.of(role('111111111111', 'other'), 'service-modify')).toBe(one);
    expect(limiters.of(role('222222222222'), 'service-modify')).not.toBe(one);
    expect(limiters.of({ ...role('111111111111'), region: 'us-east-1' }, 'service-modify')).not.toBe(one);
    expect(limiters.of(role('111111111111'), 'service-read')).not.toBe(one);
    expect(limiters.of({ ...role('111111111111'), endpoint: 'http://fake' }, 'service-modify')).not.toBe(one);
  });

  it('counts a role in the operator’s own account together with its own calls, once the account is known', () => {
    const limiters = new Limiters({ clock: new VirtualClock(), scale: 1 });
    const own = limiters.of(target, 'service-modify');
    expect(limiters.of(role('111111111111'), 'service-read')).not.toBe(own);
    limiters.learnOwnAccount(target, '111111111111');
    expect(limiters.of(target, 'service-modify'), 'not a full bucket again').toBe(own);
    expect(limiters.of(role('111111111111'), 'service-modify')).toBe(own);
    expect(limiters.of(target, 'service-read')).toBe(limiters.of(role('111111111111'), 'service-read'));
  });

  it('does not take the account of an assumed role for the operator’s own', () => {
    const limiters = new Limiters({ clock: new VirtualClock(), scale: 1 });
    const own = limiters.of(target, 'service-modify');
    limiters.learnOwnAccount(role('111111111111'), '111111111111');
    expect(limiters.of(role('111111111111'), 'service-modify')).not.toBe(own);
  });

  it('uses as much more as AWS grants the account, or everything', async () => {
    const at = (scale: number) => new Limiters({ clock: new VirtualClock(), scale }).of(target, 'service-modify');
    expect(await burstOf(at(2))).toBe(90);
    expect(await burstOf(at(Number.POSITIVE_INFINITY))).toBe(300);
    expect(await burstOf(at(0.001)), 'never none at all').toBe(1);
  });
});

describe('against buckets like AWS’s', () => {
  it.each([1, 2, 3])(
    'no call is throttled, though all kinds of calls come at once and take their time (seed %i)',
    async (seed) => {
      const clock = new VirtualClock();
      const random = seededRandom(seed);
      const throttle = new Throttle({ clock });
      const metrics = new RecordedMetrics();
      const gateway = new Gateway({
        clock,
        metrics,
        fence: () => {},
        send: async ({ service, operation, target: { region } }) => {
          // The way to AWS: calls that left here evenly arrive in bunches.
          await sleep(clock, random.next() * 200);
          if (!throttle.take({ accountId: '1', region, service, operation }))
            throw awsAnswer('ThrottlingException', '');
          return { something: true };
        },
      });
      const options = { signal: new AbortController().signal, priority: 'user' } as const;
      let done = 0;
      for (const operation of Object.keys(OPERATIONS)) {
        for (let i = 0; i < 150; i++) {
          // What stands in them does not matter here.
          void gateway.call(target, operation as Operation, {}, options).then(() => done++);
        }
      }
      await clock.advanceAsync(1_200_000);
      expect(metrics.lines.filter((line) => line.includes('Throttling'))).toEqual([]);
      expect(done).toBe(150 * Object.keys(OPERATIONS).length);
    },
  );
});
