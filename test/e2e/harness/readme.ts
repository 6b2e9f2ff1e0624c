import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './command.ts';

/** The commands of the README's section "In a kind cluster", each as a program and its arguments. */
export function readmeCommands(): readonly (readonly string[])[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, section = ''] = readme.split('\n## In a kind cluster\n');
  const [, block = ''] = section.split('```');
  return [...block.matchAll(/^\$ ([^#\n]+)/gm)].map(([, command = '']) => command.trim().split(/ +/));
}
