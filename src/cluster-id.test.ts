import { expect, it } from 'vitest';
import { clusterId } from './cluster-id.ts';
import { seededRandom } from './runtime/random.ts';
import { VirtualClock } from './runtime/virtual-clock.ts';

it('is asked again until it is answered, and says why it was not', async () => {
  const clock = new VirtualClock();
  const problems: string[] = [];
  let looks = 0;
  const id = clusterId({
    read: async () => {
      looks += 1;
      if (looks < 3) throw new Error('connect ECONNREFUSED');
      return { metadata: { uid: 'the-uid' } };
    },
    onProblem: (problem) => problems.push(problem),
    clock,
    random: seededRandom(1),
    signal: new AbortController().signal,
  });
  await clock.advanceAsync(60_000);
  expect(await id).toBe('the-uid');
  const problem = 'installation id: cannot read namespace kube-system (or set --installation-id): connect ECONNREFUSED';
  expect(problems).toEqual([problem, problem]);
});

it('gives up when the operator is stopped', async () => {
  const stop = new AbortController();
  const id = clusterId({
    read: async () => {
      throw new Error('no answer');
    },
    onProblem: () => stop.abort(new Error('stopped by SIGTERM')),
    clock: new VirtualClock(),
    random: seededRandom(1),
    signal: stop.signal,
  });
  await expect(id).rejects.toThrow('stopped by SIGTERM');
});
