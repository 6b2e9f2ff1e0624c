import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { readCrdTexts } from '../../src/crd/texts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What was built. */
export interface Bundle {
  readonly file: string;
  readonly bytes: number;
  /** Package, or folder of our own → how many bytes of the bundle it makes; the largest first. */
  readonly parts: ReadonlyMap<string, number>;
}

/**
 * Puts everything that is shipped into one file that needs no node_modules, `<directory>/ecs-operator.js`, with its
 * source map beside it. What stood in the directory before is gone.
 * @throws esbuild's error, which it has told on standard error already.
 */
export async function bundle(directory: string): Promise<Bundle> {
  const file = `${directory}/ecs-operator.js`;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const { metafile } = await build({
    entryPoints: [`${root}src/main.ts`],
    outfile: file,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // The AWS SDK's ES modules let everything fall away that the operator does not call; its CommonJS does not.
    mainFields: ['module', 'main'],
    // Names stay, for stacks and for what a debugger shows. Comments and blanks would only be kept in memory.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    // As one string: an object would be made at every start, for the two commands that need it.
    define: { BUNDLED_CRDS: JSON.stringify(JSON.stringify(readCrdTexts())) },
    // Packages in CommonJS call require for Node's own modules, which an ES module does not have.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    plugins: [httpWithoutItsExtras, configWithoutItsClient],
    metafile: true,
    logLevel: 'warning',
  });
  await chmod(file, 0o755);
  return { file, bytes: (await stat(file)).size, parts: partsOf(metafile) };
}

/**
 * Importing node:http as an ES module asks it for all its exports, among them a WebSocket: Node then loads a whole
 * second HTTP client, which nobody here uses. Asking for the built-in module itself does not.
 */
const httpWithoutItsExtras: Plugin = {
  name: 'http-without-its-extras',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, () => ({ path: 'node:http', namespace: 'built-in' }));
    onLoad({ filter: /.*/, namespace: 'built-in' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * Of @kubernetes/client-node only KubeConfig is used, for the options of Node's own requests. What else it can do, it
 * does by a generated client of all of Kubernetes and by another HTTP client, together a third of what we ship.
 */
const configWithoutItsClient: Plugin = {
  name: 'config-without-its-client',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(undici|\.\/gen\/.*|\.\/middleware\.js)$/ }, ({ path, importer }) =>
      importer.includes('/@kubernetes/client-node/') ? { path, namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

function partsOf({ outputs }: Metafile): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split('/').slice(0, 2).join('/');
      sums.set(name, (sums.get(name) ?? 0) + bytesInOutput);
    }
  }
  return new Map([...sums].filter(([, bytes]) => bytes > 0).sort(([, a], [, b]) => b - a));
}
