// `npm run image`: the container image. Builds dist/ecs-operator.js, then the Dockerfile with docker; with --load the image
// goes into a kind cluster's nodes as well. BASE_IMAGE in the environment replaces the base that the Dockerfile names.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { VERSION } from '../src/version.ts';
import { bundle } from './build/bundle.ts';
import { imageName } from './build/image-name.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    tag: { type: 'string', default: imageName() },
    base: { type: 'string', default: process.env.BASE_IMAGE ?? '' },
    /** Which cluster: KIND_CLUSTER_NAME, which kind itself reads, else kind's default. */
    load: { type: 'boolean', default: false },
  },
});

await bundle(`${root}dist`);
const [revision, created] = lastCommit();
run('docker', [
  'build',
  ...(flags.base === '' ? [] : ['--build-arg', `BASE_IMAGE=${flags.base}`]),
  ...['--build-arg', `VERSION=${VERSION}`, '--build-arg', `REVISION=${revision}`, '--build-arg', `CREATED=${created}`],
  ...['--quiet', '--tag', flags.tag, root],
]);
if (flags.load) run('kind', ['load', 'docker-image', flags.tag]);
const bytes = Number(output('docker', ['image', 'inspect', '--format', '{{.Size}}', flags.tag]));
console.log(`image ${flags.tag}: ${(bytes / 1e6).toFixed(1)} MB${flags.load ? ', loaded into kind' : ''}`);

/** The commit and its time, so that one commit makes one image whenever it is built. */
function lastCommit(): readonly [revision: string, created: string] {
  try {
    const [hash = '', time = ''] = output('git', ['-C', root, 'log', '-1', '--format=%H %cI']).trim().split(' ');
    return [hash, time];
  } catch {
    // An unpacked archive has no history.
    return ['unknown', '1970-01-01T00:00:00Z'];
  }
}

function run(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    console.error(`${command} failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

function output(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
