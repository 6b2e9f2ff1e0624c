// `npm run build`: everything that is shipped, as one file that needs no node_modules: dist/ecs-operator.js.
import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { readCrdTexts } from '../src/crd/texts.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const outfile = `${root}dist/ecs-operator.js`;

const { values: flags } = parseArgs({
  options: {
    /** Says which packages the bundle is made of, the largest first. */
    analyze: { type: 'boolean', default: false },
  },
});

const started = performance.now();
await rm(`${root}dist`, { recursive: true, force: true });
await mkdir(`${root}dist`, { recursive: true });
const { metafile } = await build({
  entryPoints: [`${root}src/main.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // The AWS SDK's ES modules let everything fall away that the operator does not call; its CommonJS does not.
  mainFields: ['module', 'main'],
  // Names stay: metrics, logs and stacks show them. Comments and blanks would only be kept in memory.
  minifyWhitespace: true,
  minifySyntax: true,
  keepNames: false,
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  define: { BUNDLED_CRDS: JSON.stringify(readCrdTexts()) },
  // Packages in CommonJS call require for Node's own modules, which an ES module does not have.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});
await chmod(outfile, 0o755);

const { size } = await stat(outfile);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`dist/ecs-operator.js: ${Math.round(size / 1024)} KiB, in ${seconds} s`);
if (flags.analyze) for (const [name, bytes] of packages(metafile)) console.log(`${kib(bytes)}  ${name}`);

/** How much of the bundle each package makes, and each folder of our own. */
function packages(meta: Metafile): [string, number][] {
  const sums = new Map<string, number>();
  for (const output of Object.values(meta.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split('/').slice(0, 2).join('/');
      sums.set(name, (sums.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...sums].sort(([, a], [, b]) => b - a).filter(([, bytes]) => bytes > 0);
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1).padStart(9)} KiB`;
}
