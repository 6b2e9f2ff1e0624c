import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { crdTexts } from '../crd/texts.ts';

/** The command `crds`: the CustomResourceDefinitions, to standard output or into a folder. Bad arguments exit with 2. */
export function crdsCommand(): Command {
  return new Command('crds')
    .description('Print the CustomResourceDefinitions as YAML, e.g. for kubectl apply --server-side -f -')
    .option('--out <directory>', 'write one file for each kind there instead; it is made when it is not there')
    .allowExcessArguments(false)
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`) })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .action((flags: { readonly out?: string }, command: Command) => {
      if (flags.out === undefined) process.stdout.write(oneStream());
      else writeFiles(flags.out, command);
    });
}

function oneStream(): string {
  return Object.values(crdTexts())
    .map((text) => `---\n${text}`)
    .join('');
}

function writeFiles(directory: string, command: Command): void {
  try {
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of Object.entries(crdTexts())) writeFileSync(join(directory, name), text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    command.error(`error: cannot write to ${directory}: ${why}`);
  }
}
