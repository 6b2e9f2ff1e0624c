import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files are chapters of one story, in one cluster: in the order of their names. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}

export default defineConfig({
  test: {
    name: 'e2e',
    include: ['test/e2e/*.test.ts'],
    globalSetup: ['test/e2e/harness/global-setup.ts'],
    setupFiles: ['test/e2e/harness/after-failure.ts'],
    fileParallelism: false,
    sequence: { sequencer: InOrder },
    // What comes after a failure fails for the same reason, after long waits.
    bail: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // It says of each step what it took.
    reporters: ['verbose'],
  },
});
