import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type Clock, sleep, type Timer } from '../runtime/clock.ts';

const HEARTBEAT_MS = 5_000;
/** A process id says nothing on another machine or after it was given away again: there, silence is the sign. */
const SILENT_AFTER_MS = 60_000;
const POLL_MS = 250;
const STALE_POLL_MS = 5;
const TAKEOVER_LIMIT_MS = 10_000;

/** A lock between processes that is held. */
export interface FileLock {
  release(): Promise<void>;
}

/** What to lock, and whom to tell about waiting. */
export interface FileLockOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Called once, when the lock turns out to be held by a live process. */
  readonly onWait: (owner: string) => void;
}

/**
 * Takes the lock, waiting for as long as a live process holds it. One whose owner died, or was silent for a minute, is
 * taken over.
 * @throws when the lock file cannot be written.
 */
export async function takeFileLock(options: FileLockOptions): Promise<FileLock> {
  const { file, clock } = options;
  const mine = `${JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() })}\n`;
  let told = false;
  for (;;) {
    if (await created(file, mine)) return held(file, mine, clock);
    const owner = await currentOwner(file);
    if (owner === undefined) continue;
    if (owner.stale) {
      await removeStale(file, owner.text);
      await sleep(clock, STALE_POLL_MS);
    } else {
      if (!told) options.onWait(owner.name);
      told = true;
      await sleep(clock, POLL_MS);
    }
  }
}

async function created(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function held(file: string, mine: string, clock: Clock): FileLock {
  let timer: Timer;
  let released = false;
  const beat = async () => {
    // The wall clock, as other processes read it: a Clock stands still while a laptop sleeps.
    const now = new Date();
    // Whoever removed the file has the lock now; the work goes on, and its result is the same as theirs.
    await utimes(file, now, now).catch(() => {});
    if (!released) timer = clock.after(HEARTBEAT_MS, () => void beat());
  };
  timer = clock.after(HEARTBEAT_MS, () => void beat());
  return {
    async release() {
      released = true;
      timer.cancel();
      if ((await readFile(file, 'utf8').catch(() => '')) === mine) await rm(file, { force: true });
    },
  };
}

interface Owner {
  readonly text: string;
  readonly name: string;
  readonly stale: boolean;
}

async function currentOwner(file: string): Promise<Owner | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    const silentForMs = Date.now() - (await stat(file)).mtimeMs;
    const pid = Number(/"pid":(\d+)/.exec(text)?.[1]);
    const here = text.includes(`"host":${JSON.stringify(hostname())}`);
    const dead = here && pid > 0 && !alive(pid);
    return { text, name: pid > 0 ? `process ${pid}` : 'another process', stale: dead || silentForMs > SILENT_AFTER_MS };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Several may find the same lock stale. One at a time looks again and removes it, so that nobody removes the lock that
 * another has taken meanwhile. A marker whose maker died in that instant is swept away after a while.
 */
async function removeStale(file: string, staleText: string): Promise<void> {
  const marker = `${file}.takeover`;
  if (!(await created(marker, ''))) {
    const madeAt = await stat(marker).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - madeAt > TAKEOVER_LIMIT_MS) await rm(marker, { force: true });
    return;
  }
  try {
    if ((await readFile(file, 'utf8').catch(() => '')) === staleText) await rm(file, { force: true });
  } finally {
    await rm(marker, { force: true });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
