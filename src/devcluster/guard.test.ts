import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { makeGuardedDirectory, startGuarded } from './guard.ts';

const PROGRAM = fileURLToPath(new URL('./fixtures/guarded-process.ts', import.meta.url));

function processesOf(directory: string): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(directory));
}

const endings: readonly { title: string; argument: string; signal?: NodeJS.Signals }[] = [
  { title: 'it has nothing left to do', argument: 'return' },
  { title: 'process.exit', argument: 'exit' },
  { title: 'an uncaught exception', argument: 'throw' },
  { title: 'Ctrl-C', argument: 'wait', signal: 'SIGINT' },
  { title: 'SIGTERM', argument: 'wait', signal: 'SIGTERM' },
  { title: 'a closed terminal', argument: 'wait', signal: 'SIGHUP' },
  { title: 'kill -9', argument: 'wait', signal: 'SIGKILL' },
];

it.each(endings)(
  'nothing stays behind when the program is ended by $title',
  async ({ argument, signal }) => {
    const program = spawn(process.execPath, [PROGRAM, argument], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(program.stdout.setEncoding('utf8'), 'data');
    const directory = String(line).trim();
    if (signal !== undefined) {
      expect(processesOf(directory)).not.toEqual([]);
      program.kill(signal);
    }
    await vi.waitFor(() => expect([processesOf(directory), existsSync(directory)]).toEqual([[], false]), {
      timeout: 30_000,
      interval: 25,
    });
  },
  60_000,
);

it('a program that ends by itself tells its exit code, and its output is in the log', async () => {
  await using folder = await temporary();
  const logFile = join(folder.path, 'log');
  const args = ['-c', 'echo said; echo complained >&2; exit 7'];
  const program = startGuarded({ command: '/bin/sh', args, cwd: '/', output: { logFile } });
  expect(await program.exited).toBe(7);
  expect(program.running()).toBe(false);
  expect((await readFile(logFile, 'utf8')).split('\n').sort()).toEqual(['', 'complained', 'said']);
  await program.kill();
});

it('killing a program ends it even when it ignores polite signals', async () => {
  await using folder = await temporary();
  const args = ['-c', 'trap "" TERM INT HUP; echo up; while :; do sleep 0.05; done', folder.path];
  const said = Promise.withResolvers<string>();
  const program = startGuarded({ command: '/bin/sh', args, cwd: '/', output: { onText: said.resolve } });
  expect(await said.promise).toBe('up\n');
  await program.kill();
  expect(processesOf(folder.path)).toEqual([]);
});

it('a program that does not exist ends with code 127, as in a shell', async () => {
  let output = '';
  const onText = (text: string) => {
    output += text;
  };
  const program = startGuarded({ command: 'no-such-program', args: [], cwd: '/', output: { onText } });
  expect(await program.exited).toBe(127);
  expect(output).toContain('no-such-program');
});

it('a folder goes with everything in it', async () => {
  const folder = await makeGuardedDirectory();
  await writeFile(join(folder.path, 'file'), 'text');
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

async function temporary() {
  const folder = await makeGuardedDirectory();
  return { path: folder.path, [Symbol.asyncDispose]: () => folder.remove() };
}
