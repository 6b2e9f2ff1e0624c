import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from './generate/files.ts';

const script = fileURLToPath(new URL('./generate.ts', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

describe('npm run generate', () => {
  it('has nothing to change: what is in the repository is what the SDK and the sources give', () => {
    expect(run('--check')).toMatchObject({ status: 0, stderr: '' });
  });

  it('gives the same each time', () => {
    expect([...generatedFiles()]).toEqual([...generatedFiles()]);
  });

  it('says in every file that it is generated, and from what', () => {
    for (const [path, text] of generatedFiles()) {
      // IAM takes JSON without comments and without members of ours: iam/README.md says it for these.
      if (/^iam\/.*\.json$/.test(path)) continue;
      expect(text.slice(0, 200), path).toMatch(/[Gg]enerated .*(SDK|src\/|scripts\/|values\.yaml)/);
    }
  });

  it('refuses what it does not know, in one line', () => {
    expect(run('--chekc')).toMatchObject({
      status: 2,
      stderr: 'generate: unknown argument --chekc; the only one is --check\n',
    });
  });
});
