import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../src/devcluster/cache-directory.ts';

/** How a program ended. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start the AWS CLI: the words before its own arguments, and what its environment needs. */
export interface AwsCliProgram {
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds the AWS CLI on the PATH, else installs it with pip into the cache folder, once.
 * @returns the program, or in words why there is none.
 */
export async function findAwsCli(): Promise<AwsCliProgram | string> {
  const onPath: AwsCliProgram = { command: ['aws'], env: {} };
  if (await works(onPath)) return onPath;
  const directory = join(cacheDirectory(process.env), 'aws-cli');
  const own: AwsCliProgram = { command: ['python3', '-m', 'awscli'], env: { PYTHONPATH: directory } };
  if (await works(own)) return own;
  // Made beside its place and then moved there: another test run may be doing the same.
  const building = `${directory}.${process.pid}`;
  await mkdir(building, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', building, 'awscli'];
  const installed = await run({ command: ['python3', ...pip], env: {} }, []);
  if (installed.code === 0) await rename(building, directory).catch(() => {});
  await rm(building, { recursive: true, force: true });
  if (await works(own)) return own;
  return `there is no aws on the PATH, and pip could not install it: ${installed.stderr.trim().split('\n').at(-1)}`;
}

async function works(program: AwsCliProgram): Promise<boolean> {
  return (await run(program, ['--version'])).code === 0;
}

/** The AWS CLI pointed at an endpoint, as a person would point it there. */
export class AwsCli {
  readonly #program: AwsCliProgram;

  constructor(program: AwsCliProgram, endpoint: string) {
    const env = {
      ...program.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
      AWS_MAX_ATTEMPTS: '1',
      // Nothing of what this machine's user has set up may play a part.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_PAGER: '',
    };
    this.#program = { command: program.command, env };
  }

  /**
   * Runs one command; `line` is split at spaces.
   * @returns what it printed, as JSON; undefined when it printed nothing.
   * @throws Error with what it wrote to standard error when it fails.
   */
  async json(line: string, ...more: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.run(line, ...more);
    if (code !== 0) throw new Error(`aws ${line} ended with ${code}: ${stderr}`);
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  }

  run(line: string, ...more: string[]): Promise<Ended> {
    return run(this.#program, [...line.split(' '), ...more]);
  }
}

function run({ command: [file, ...first], env }: AwsCliProgram, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, timeout: 300_000, maxBuffer: 1 << 24 };
    execFile(file, [...first, ...args], options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });
}
