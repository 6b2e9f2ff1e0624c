import { readFile } from 'node:fs/promises';

/** The last lines of a server's log, indented, for a message; says so when there is nothing. */
export async function lastLines(logFile: string, count = 15): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-count);
  return lines.join('') === '' ? '  (its log is empty)' : lines.map((line) => `  ${line}`).join('\n');
}
