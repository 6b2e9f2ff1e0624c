import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // On two cores Vitest would take one; but half of the tests wait for a server most of their time.
    maxWorkers: Math.max(3, availableParallelism()),
    // The control plane is made once, before any worker starts, so that no test waits for a build.
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 60_000,
          include: [
            'src/**/*.test.ts',
            'test/unit/**/*.test.ts',
            'test/sim/**/*.test.ts',
            'test/gitops/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['test/sim/matrix/**', 'test/sim/guards/**'],
        },
      },
      {
        test: {
          // Every fault at every point of the core scenarios: thousands of runs, in processes of their own. The other
          // stories, and the operators that are broken on purpose, have a run of their own: test/sim/vitest.config.ts.
          name: 'sim',
          testTimeout: 600_000,
          include: ['test/sim/matrix/core-*.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/gitops/cluster/*.test.ts'],
          globalSetup: ['test/harness/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'chart',
          include: ['test/chart/**/*.test.ts'],
          globalSetup: ['test/chart/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'kustomize',
          include: ['test/gitops/kustomize/*.test.ts'],
          globalSetup: ['test/gitops/kustomize/setup.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
