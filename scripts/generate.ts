import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OWNED_BY_CHART } from './generate/chart/files.ts';
import { generatedFiles } from './generate/files.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folders in which everything is generated, so that what is left over of a former kind is found. */
const OWNED = ['crds', 'docs/api', 'iam', ...OWNED_BY_CHART];

main(process.argv.slice(2));

function main(args: readonly string[]): void {
  const unknown = args.find((arg) => arg !== '--check');
  if (unknown !== undefined) {
    process.stderr.write(`generate: unknown argument ${unknown}; the only one is --check\n`);
    process.exit(2);
  }
  const files = generatedFiles();
  if (args.includes('--check')) check(files);
  else write(files);
}

function write(files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (readIfThere(file) !== text) {
      writeFileSync(file, text);
      process.stdout.write(`wrote ${path}\n`);
    }
  }
  for (const path of leftOver(files)) process.stdout.write(`no longer generated, to be removed: ${path}\n`);
}

function check(files: ReadonlyMap<string, string>): void {
  const stale = [...files].filter(([path, text]) => readIfThere(join(root, path)) !== text).map(([path]) => path);
  const wrong = [...stale, ...leftOver(files)];
  if (wrong.length === 0) return;
  process.stderr.write(`generated files are not up to date; run \`npm run generate\`:\n  ${wrong.join('\n  ')}\n`);
  process.exit(1);
}

function leftOver(files: ReadonlyMap<string, string>): readonly string[] {
  return OWNED.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !files.has(path));
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
