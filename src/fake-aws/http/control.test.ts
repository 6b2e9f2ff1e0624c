import {
  CreateHttpNamespaceCommand,
  ListNamespacesCommand,
  ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../runtime/virtual-clock.ts';
import { type FakeAwsServer, startFakeAws } from '../server.ts';

let server: FakeAwsServer;
let client: ServiceDiscoveryClient;

beforeEach(async () => {
  server = await startFakeAws({ clock: new VirtualClock() });
  client = new ServiceDiscoveryClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await server.stop();
});

async function control(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${server.url}/_fake/${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, json: (): unknown => JSON.parse(text) };
}

const create = (Name: string) => client.send(new CreateHttpNamespaceCommand({ Name }));

describe('the controls', () => {
  it('tell a person what there is', async () => {
    const { status, text } = await control('GET', '');
    expect(status).toBe(200);
    for (const route of ['/_fake/faults', '/_fake/calls', '/_fake/state', '/_fake/throttle'])
      expect(text).toContain(route);
    expect((await fetch(`${server.url}/_fake`)).status).toBe(200);
  });

  it('put, list and remove faults', async () => {
    const rules = [
      { kind: 'lose', operation: 'CreateHttpNamespace' },
      { kind: 'throttle', operation: 'List*' },
    ];
    const { ids } = (await control('POST', 'faults', rules)).json() as { ids: number[] };
    await expect(create('shop')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(client.send(new ListNamespacesCommand({}))).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    });
    expect((await control('GET', 'faults')).json()).toMatchObject({
      faults: [
        { seen: 1, hit: 1 },
        { seen: 1, hit: 1 },
      ],
    });
    await control('DELETE', `faults?id=${ids[1]}`);
    expect(await client.send(new ListNamespacesCommand({}))).toMatchObject({ Namespaces: [] });
    await control('DELETE', 'faults');
    await create('other');
    expect((await control('GET', 'state')).text).toMatch(/"shop"[\s\S]*"other"/);
  });

  it('make answers that are not JSON', async () => {
    await control('POST', 'faults', { kind: 'malformed' });
    await expect(create('shop')).rejects.toBeInstanceOf(SyntaxError);
  });

  it('tell what was called, and forget it', async () => {
    await create('shop');
    await client.send(new ListNamespacesCommand({ MaxResults: 7 }));
    expect((await control('GET', 'calls?since=1')).json()).toMatchObject({
      calls: [{ id: 2, operation: 'ListNamespaces', input: { MaxResults: 7 }, code: 'OK', region: 'eu-west-1' }],
    });
    expect((await control('GET', 'calls/counts')).json()).toEqual({
      servicediscovery: { CreateHttpNamespace: { OK: 1 }, ListNamespaces: { OK: 1 } },
    });
    await control('DELETE', 'calls');
    expect((await control('GET', 'calls')).json()).toEqual({ calls: [] });
  });

  it('switch throttling off and on', async () => {
    for (let i = 0; i < 5; i++) await create(`a${i}`);
    await expect(create('late')).rejects.toMatchObject({ name: 'ThrottlingException' });
    await control('POST', 'throttle', { enabled: false });
    for (let i = 0; i < 10; i++) await create(`b${i}`);
    expect((await control('GET', 'throttle')).json()).toEqual({ enabled: false });
  });

  it.each([
    ['POST', 'faults', '{', 400, 'not JSON'],
    ['POST', 'faults', { kind: 'bang' }, 400, 'kind must be one of'],
    ['DELETE', 'faults?id=99', undefined, 400, 'there is no fault 99'],
    ['GET', 'calls?since=x', undefined, 400, 'since must be a whole number'],
    ['GET', 'calls?color=blue', undefined, 400, 'cannot be filtered by color'],
    ['POST', 'throttle', { enabled: 'no' }, 400, 'true or false'],
    ['GET', 'nothing', undefined, 404, 'GET /_fake/'],
  ])('%s %s with %j is answered %i: %s', async (method, path, body, status, words) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ message: expect.stringContaining(words) });
  });
});

it('a fake that was stopped is gone, and stopping it again does no harm', async () => {
  await server.stop();
  await expect(fetch(server.url)).rejects.toThrow();
  await server.stop();
});

it('a port that is taken is an error that says so', async () => {
  const port = Number(new URL(server.url).port);
  await expect(startFakeAws({ clock: new VirtualClock(), port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
