import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

// The command line with this one command: what the others load would only cost time.
const main = `
  import { fakeAwsCommand } from './src/cli/fake-aws.ts';
  import { program, runProgram } from './src/cli/program.ts';
  process.exitCode = await runProgram(program('0', [fakeAwsCommand()]), process.argv.slice(1));
`;
const root = new URL('../../', import.meta.url);
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs the command in a process of its own. */
function fakeAws(...flags: string[]) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', main, '--', 'fake-aws', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  /** The endpoint, once it is printed; words that are no URL when the process ends before. */
  const url = new Promise<string>((resolve) => {
    child.stdout.on('data', () => {
      const printed = stdout.match(/http:\/\/\S+(?= \()/)?.[0];
      if (printed !== undefined) resolve(printed);
    });
    child.on('close', () => resolve(`fake-aws ended: ${stderr}`));
  });
  return { child, ended, url };
}

describe('fake-aws', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('says where it listens, answers, and ends cleanly at %s', async (signal) => {
    const { child, ended, url } = fakeAws('--port', '0', '--speed', '20', '--no-throttle', '--seed', '7');
    const help = await fetch(`${await url}/_fake/`);
    expect(await help.text()).toContain('/_fake/faults');
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    await expect(fetch(await url)).rejects.toThrow();
  });

  it.each([
    [['--port', '99999'], /--port.*whole number from 0 to 65535/],
    [['--port', 'http'], /--port.*whole number/],
    [['--speed', '0'], /--speed.*number above 0/],
    [['--speed', 'fast'], /--speed.*number above 0/],
    [['--seed', '-1'], /--seed.*whole number/],
    [['--host', 'a b'], /--host.*IP address or a host name/],
    [['--host', '192.0.2.1'], /192\.0\.2\.1:4566 is not an address of this machine/],
    [['--log-level', 'loud'], /--log-level.*Allowed choices are trace, debug/],
    [['--sped', '2'], /unknown option '--sped'/],
    [['extra'], /too many arguments/],
  ])('with %j ends with 2 and one clear line', async (flags, line) => {
    const { code, stdout, stderr } = await fakeAws(...flags).ended;
    expect(stderr).toMatch(line);
    expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, stdout: '', lines: 1 });
  });

  it('says so when the port is taken', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const { code, stderr } = await fakeAws('--port', String(port)).ended;
    other.close();
    expect(stderr).toMatch(/is taken by another process; choose another --port/);
    expect(code).toBe(1);
  });

  it('tells of every call at log level debug', async () => {
    const { child, ended, url } = fakeAws('--port', '0', '--log-level', 'debug');
    await fetch(await url, {
      method: 'POST',
      body: '{}',
      headers: {
        'x-amz-target': 'Route53AutoNaming_v20170314.ListNamespaces',
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/servicediscovery/aws4_request, x',
      },
    });
    child.kill('SIGTERM');
    expect((await ended).stderr).toMatch(/"operation":"ListNamespaces".*"code":"OK"/);
  });
});
