import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What `npm test` leaves out of the simulation, so as to be done in minutes; `.ci/run` runs it for each change. */
export default defineConfig({
  test: {
    name: 'sim-wider',
    // On two cores Vitest would take one.
    maxWorkers: Math.max(3, availableParallelism()),
    include: ['test/sim/matrix/wider-*.test.ts', 'test/sim/guards/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
