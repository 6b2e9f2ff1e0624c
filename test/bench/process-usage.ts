import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What a process holds. */
export interface Memory {
  /** Resident now; MB of 1024 × 1024 bytes. */
  readonly residentMb: number;
  /** The most that was ever resident. */
  readonly peakMb: number;
}

/** The kernel's unit of CPU time. */
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** VmRSS and VmHWM of a running process: proc(5). */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { residentMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') };
}

/** CPU seconds that a process has used, in user and kernel mode: proc(5), fields 14 and 15 of stat. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The process of a program that was started with a text in its arguments. @throws Error when there is none. */
export function findProcess(program: string, argument: string): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [command = '', ...args] = commandLine(name).split('\0');
    if (basename(command) === program && args.some((arg) => arg.includes(argument))) return Number(name);
  }
  throw new Error(`no process ${program} with ${argument}`);
}

/** Empty for a process that has ended meanwhile. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
