import type { KubeTransport } from '../../../../src/kube/transport.ts';
import { type Random, randomString } from '../../../../src/runtime/random.ts';
import type { VirtualClock } from '../../../../src/runtime/virtual-clock.ts';
import { InMemoryKubeApi, type InMemoryKubeApiOptions } from '../in-memory-kube-api.ts';
import type { DisposableTarget } from './target.ts';

export const USER_AGENT = 'conformance/1';
/** A condition that does not come about within so many steps does not come about at all. */
const MOST_STEPS = 2_000;

/** The API in memory, on a virtual clock. */
export function inMemoryTarget(
  options: Omit<InMemoryKubeApiOptions, 'clock'> & { readonly clock: VirtualClock; readonly random: Random },
): DisposableTarget {
  const { clock, random } = options;
  const api = new InMemoryKubeApi(options);
  // As the real transport does it, below the seam.
  const transport: KubeTransport = (request) =>
    api.transport({ ...request, headers: { ...request.headers, 'user-agent': USER_AGENT } });
  return {
    transport,
    uniqueName: (prefix) => `${prefix}-${randomString(random, 10)}`,
    until: async (describe, look) => {
      for (let step = 0; step < MOST_STEPS; step++) {
        const seen = await look();
        if (seen !== undefined) return seen;
        await clock.advanceAsync(10);
      }
      throw new Error(`waited in vain until ${describe}`);
    },
    compact: async () => api.compact(),
  };
}
