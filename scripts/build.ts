// `npm run build`: dist/ecs-operator.js, the one file that is shipped. With --analyze it also says what that is made of.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './build/bundle.ts';

const { values: flags } = parseArgs({ options: { analyze: { type: 'boolean', default: false } } });
const started = performance.now();
const built = await bundle(fileURLToPath(new URL('../dist', import.meta.url))).catch((error: unknown) => {
  // What esbuild has to say of the code, it has said already.
  if (error instanceof Error && 'errors' in error) return undefined;
  throw error;
});
if (built === undefined) {
  process.exitCode = 1;
} else {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`dist/ecs-operator.js: ${Math.round(built.bytes / 1024)} KiB, in ${seconds} s`);
  if (flags.analyze) for (const [part, bytes] of built.parts) console.log(`${kib(bytes)}  ${part}`);
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1).padStart(9)} KiB`;
}
