import { execFile, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findGoProgram } from '../../harness/go-program.ts';

const root = join(import.meta.dirname, '../../..');

it('actionlint finds nothing wrong in the workflows (skipped where it can neither be found nor built)', async (context) => {
  const found = await findGoProgram({
    name: 'actionlint',
    version: 'v1.7.12',
    modules: join(import.meta.dirname, 'modules/actionlint'),
    packagePath: 'github.com/rhysd/actionlint/cmd/actionlint',
    // Another version knows other rules: what is found must be the same everywhere.
    isFit: () => Promise.resolve(false),
  });
  if ('missing' in found) {
    process.stderr.write(`the workflows are not linted: ${found.missing}\n`);
    context.skip(found.missing);
    return;
  }
  const workflows = globSync('.github/workflows/*.yml', { cwd: root });
  expect(workflows.length).toBeGreaterThan(2);
  const { stdout } = await promisify(execFile)(found.path, ['-no-color', '-shellcheck=', '-pyflakes=', ...workflows], {
    cwd: root,
  }).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? String(error) }));
  expect(stdout).toBe('');
  // It does find something in what is wrong, or the above says nothing.
  const wrong = spawnSync(found.path, ['-no-color', '-'], {
    input: 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n',
  });
  expect(wrong.stdout.toString()).toContain('"steps" section is missing');
}, 300_000);
