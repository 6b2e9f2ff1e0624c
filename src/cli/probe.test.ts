import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const command = new URL('./probe.ts', import.meta.url);
const harness = new URL('./program.ts', import.meta.url);
const script = `
  import { probeCommand } from ${JSON.stringify(command.href)};
  import { program, runProgram } from ${JSON.stringify(harness.href)};
  process.exitCode = await runProgram(program('0', [probeCommand()]), ['probe', ...process.argv.slice(1)]);`;

/** Not spawnSync: the server that is asked lives in this process. */
function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...args]);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}

describe('ecs-operator probe', () => {
  const answers: (readonly [status: number, body: string])[] = [];
  const server = createServer((_request, response) => {
    const [status, body] = answers.length > 1 ? (answers.shift() ?? [500, '']) : (answers[0] ?? [500, '']);
    response.writeHead(status).end(body);
  });
  let url: string;
  beforeEach(async () => {
    answers.length = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A server that listens on a port has an AddressInfo.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it('is content when every URL answers with 200', async () => {
    answers.push([200, 'ok\n']);
    expect(await run(url, `${url}?again`)).toEqual({ code: 0, stdout: `${url}: ok\n${url}?again: ok\n`, stderr: '' });
  });

  it('asks again until there is a good answer', async () => {
    answers.push([503, 'not ready'], [200, 'ok']);
    expect(await run(url)).toMatchObject({ code: 0, stdout: `${url}: ok\n` });
  });

  it('says the last answer when there was no good one in time', async () => {
    answers.push([503, 'ecsservices: not listed yet\nnot ready\n']);
    const { code, stderr } = await run(url, '--limit=0');
    expect([code, stderr]).toEqual([1, `ecs-operator: ${url}: 503 ecsservices: not listed yet\nnot ready\n`]);
  });

  it('says why there was no answer', async () => {
    const nobody = createServer();
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
    // As above.
    const { port } = nobody.address() as AddressInfo;
    await new Promise((resolve) => nobody.close(resolve));
    const { code, stderr } = await run(`http://127.0.0.1:${port}`, '--limit=0');
    expect([code, stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });

  it.each([[], ['localhost:8081'], ['ftp://a']])('refuses %j, with 2', async (...args) => {
    expect(await run(...args)).toMatchObject({ code: 2, stdout: '' });
  });
});
