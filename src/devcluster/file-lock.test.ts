import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../runtime/clock.ts';
import { takeFileLock } from './file-lock.ts';

const clock = systemClock();
let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-lock-'));
  file = join(directory, 'lock');
});
afterEach(() => rm(directory, { recursive: true }));

/** The process id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('/bin/sh', ['-c', ':'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

const owner = (pid: number, host = hostname()) => `${JSON.stringify({ pid, host, token: 'other' })}\n`;

it('whoever comes second waits, is told for whom, and gets the lock when it is released', async () => {
  const first = await takeFileLock({ file, clock, onWait: () => expect.unreachable() });
  const told = Promise.withResolvers<string>();
  let got = false;
  const second = takeFileLock({ file, clock, onWait: told.resolve }).then((lock) => {
    got = true;
    return lock;
  });
  expect(await told.promise).toBe(`process ${process.pid}`);
  expect(got).toBe(false);
  await first.release();
  await (await second).release();
  expect(await readdir(directory)).toEqual([]);
});

it('the lock of a process that died is taken over at once', async () => {
  await writeFile(file, owner(await deadPid()));
  const lock = await takeFileLock({ file, clock, onWait: () => expect.unreachable() });
  await lock.release();
  expect(await readdir(directory)).toEqual([]);
});

it('a lock that was silent for over a minute is taken over, though its process id lives: it was given away again', async () => {
  await writeFile(file, owner(process.pid));
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(file, longAgo, longAgo);
  const lock = await takeFileLock({ file, clock, onWait: () => expect.unreachable() });
  await lock.release();
});

it('a process id of another machine says nothing, so its fresh lock is respected', async () => {
  await writeFile(file, owner(await deadPid(), 'another-machine'));
  const told = Promise.withResolvers<string>();
  const taken = takeFileLock({ file, clock, onWait: told.resolve });
  await told.promise;
  await rm(file);
  await (await taken).release();
});

it('a takeover that was interrupted does not block the lock for ever', async () => {
  await writeFile(file, owner(await deadPid()));
  await writeFile(`${file}.takeover`, '');
  const longAgo = new Date(Date.now() - 11_000);
  await utimes(`${file}.takeover`, longAgo, longAgo);
  await (await takeFileLock({ file, clock, onWait: () => expect.unreachable() })).release();
  expect(await readdir(directory)).toEqual([]);
});

it('of many who find a stale lock, only one at a time gets it', async () => {
  await writeFile(file, owner(await deadPid()));
  let inside = 0;
  let most = 0;
  const contend = async () => {
    const lock = await takeFileLock({ file, clock, onWait: () => {} });
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
    await lock.release();
  };
  await Promise.all(Array.from({ length: 6 }, contend));
  expect(most).toBe(1);
  expect(await readdir(directory)).toEqual([]);
});
