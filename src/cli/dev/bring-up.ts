import type { AdminClient } from '../../devcluster/admin-client.ts';
import { type Clock, sleep } from '../../runtime/clock.ts';
import { Applier } from './apply.ts';
import type { Manifest } from './manifests.ts';
import { type ObjectState, overview } from './overview.ts';
import { objectName, type Progress } from './progress.ts';

export interface BringUpInput {
  readonly manifests: readonly Manifest[];
  readonly client: AdminClient;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** How long everything may take; milliseconds. */
  readonly limitMs: number;
  readonly progress: Progress;
  say(line: string): void;
}

const LOOK_MS = 250;

/**
 * Applies the manifests and shows how they come up.
 * @returns the objects that are not Ready when the time is over or `stop` is aborted; none when all went well.
 */
export async function bringUp(input: BringUpInput): Promise<readonly ObjectState[]> {
  const { manifests, client, clock, stop, limitMs, progress, say } = input;
  const applier = new Applier(client);
  for (const manifest of manifests) await applier.apply(manifest);
  if (manifests.length === 0) return [];
  say(`applied ${manifests.length} objects; waiting until they are Ready`);
  const began = clock.now();
  let states: readonly ObjectState[] = [];
  while (!stop.aborted && clock.now() - began < limitMs) {
    states = await overview(client);
    progress.show(states, Math.round((clock.now() - began) / 1000));
    if (states.every((state) => state.ready)) {
      progress.done();
      say(`all ${states.length} objects are Ready after ${((clock.now() - began) / 1000).toFixed(1)} s`);
      return [];
    }
    await sleep(clock, LOOK_MS, stop).catch(() => {});
  }
  progress.done();
  const waiting = states.filter((state) => !state.ready);
  if (stop.aborted) return waiting;
  say(`${waiting.length} of ${states.length} objects are not Ready after ${limitMs / 1000} s:`);
  for (const state of waiting) say(`  ${state.kind} ${objectName(state)}: ${state.reason}: ${state.message}`);
  return waiting;
}
