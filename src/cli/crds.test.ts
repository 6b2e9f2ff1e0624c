import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readCrdTexts } from '../crd/texts.ts';

const command = new URL('./crds.ts', import.meta.url);
const script = `import { crdsCommand } from ${JSON.stringify(command.href)}; crdsCommand().parse(process.argv.slice(1), { from: 'user' });`;
const run = (...args: string[]) =>
  spawnSync(process.execPath, ['--input-type=module', '-e', script, '--', ...args], { encoding: 'utf8' });

describe('ecs-operator crds', () => {
  it('prints every CRD as one stream that kubectl takes', () => {
    const { status, stdout } = run();
    expect(status).toBe(0);
    const documents = parseAllDocuments(stdout).map((document) => document.toJS() as { readonly kind: string });
    expect(documents.map((document) => document.kind)).toEqual(Array(6).fill('CustomResourceDefinition'));
  });

  it('writes a file for each with --out, and makes the folder', () => {
    const temporary = mkdtempSync(join(tmpdir(), 'crds-'));
    const out = join(temporary, 'a', 'b');
    expect(run('--out', out)).toMatchObject({ status: 0, stdout: '' });
    const written = Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
    expect(written).toEqual(readCrdTexts());
    rmSync(temporary, { recursive: true });
  });

  it('says in one line that it cannot write there, and ends with 2', () => {
    const { status, stderr } = run('--out', '/dev/null/crds');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: cannot write to \/dev\/null\/crds: .*\n$/);
  });

  it.each([['--outt', 'x'], ['more']])('refuses bad arguments in one line, and ends with 2: %s', (...args) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*\n$/);
  });
});
