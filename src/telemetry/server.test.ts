import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ListenError, type Listening, serveHealth, serveMetrics } from './server.ts';

const anywhere = { host: '127.0.0.1', port: 0 };
const servers: Listening[] = [];
const keep = (server: Listening | undefined): Listening => {
  if (server === undefined) throw new Error('no server');
  servers.push(server);
  return server;
};

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const get = async (url: string, method = 'GET') => {
  const response = await fetch(url, { method });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
};

describe('the metrics server', () => {
  it('serves /metrics, fresh at each scrape', async () => {
    let scrapes = 0;
    const source = { contentType: 'text/plain; version=0.0.4', text: async () => `scrapes ${++scrapes}\n` };
    const { url } = keep(await serveMetrics(anywhere, source));
    expect(await get(`${url}/metrics`)).toEqual({ status: 200, type: source.contentType, body: 'scrapes 1\n' });
    expect((await get(`${url}/metrics?x=1`)).body).toBe('scrapes 2\n');
  });

  it('says what there is instead for any other path or method', async () => {
    const { url } = keep(await serveMetrics(anywhere, { contentType: 'text/plain', text: async () => 'x' }));
    expect(await get(`${url}/`)).toMatchObject({ status: 404, body: 'there is only /metrics\n' });
    expect(await get(`${url}/constructor`)).toMatchObject({ status: 404 });
    expect(await get(`${url}/metrics`, 'POST')).toMatchObject({ status: 405 });
    expect(await get(`${url}/metrics`, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('outlives metrics that fail', async () => {
    const source = { contentType: 'text/plain', text: () => Promise.reject(new Error('a collector threw')) };
    const { url } = keep(await serveMetrics(anywhere, source));
    expect(await get(`${url}/metrics`)).toMatchObject({ status: 500, body: 'a collector threw\n' });
    expect(await get(`${url}/metrics`)).toMatchObject({ status: 500 });
  });
});

describe('the health server', () => {
  it('is healthy while it answers, and ready once nothing is missing, with a line for each thing that is', async () => {
    const missing = ['ecsservices: the CRD is not installed', 'ecsclusters: not listed yet'];
    const { url } = keep(await serveHealth(anywhere, () => missing));
    expect(await get(`${url}/healthz`)).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await get(`${url}/readyz`)).toMatchObject({
      status: 503,
      body: '[-] ecsservices: the CRD is not installed\n[-] ecsclusters: not listed yet\nnot ready\n',
    });
    missing.length = 0;
    expect(await get(`${url}/readyz`)).toMatchObject({ status: 200, body: 'ok\n' });
  });
});

describe('any server', () => {
  it('is not started without an address', async () => {
    expect(await serveHealth(undefined, () => [])).toBeUndefined();
  });

  it('says in one line which port is taken, and which flag moves it', async () => {
    const { url } = keep(await serveHealth(anywhere, () => []));
    const taken = { host: '127.0.0.1', port: Number(new URL(url).port) };
    const second = serveMetrics(taken, { contentType: 'text/plain', text: async () => '' });
    await expect(second).rejects.toThrow(ListenError);
    await expect(second).rejects.toThrow(
      `cannot listen on 127.0.0.1:${taken.port}: another process listens there; set --metrics-addr`,
    );
  });

  it('says so when the machine has no such address', async () => {
    await expect(serveHealth({ host: '203.0.113.1', port: 0 }, () => [])).rejects.toThrow('no such address');
  });

  it('listens on every address when none is given', async () => {
    const { url } = keep(await serveHealth({ host: '', port: 0 }, () => []));
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await get(`${url}/healthz`)).toMatchObject({ status: 200 });
  });

  it('closes gracefully: what is being answered is answered, and idle connections do not hold it', async () => {
    const held = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const source = {
      contentType: 'text/plain',
      text: () => {
        asked.resolve();
        return held.promise;
      },
    };
    const server = keep(await serveMetrics(anywhere, source));
    // A connection that is kept alive, as Prometheus does.
    await new Promise<void>((resolve) => {
      request(`${server.url}/`, { headers: { connection: 'keep-alive' } }, (response) => {
        response.resume().on('end', resolve);
      }).end();
    });
    const answer = get(`${server.url}/metrics`);
    await asked.promise;
    const closed = server.close();
    held.resolve('the last scrape\n');
    expect(await answer).toMatchObject({ status: 200, body: 'the last scrape\n' });
    await closed;
    await expect(get(`${server.url}/metrics`)).rejects.toThrow();
  });
});
