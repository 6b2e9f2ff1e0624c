import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../runtime/clock.ts';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { Credentials } from './credentials.ts';
import { AwsCredentialsError, classify } from './errors.ts';
import { type SdkSend, sdkSend } from './sdk-send.ts';
import type { AwsTarget } from './send.ts';

interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** As it stands in the request's first line: to a proxy, a whole URL. */
  readonly path: string | undefined;
  readonly port: number | undefined;
}

type Answer = (response: ServerResponse, seen: Seen) => void;

const json =
  (status: number, body: object): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'r-1' });
    response.end(JSON.stringify(body));
  };

const raw =
  (status: number, body: string): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end(body);
  };

/** STS's answer to AssumeRole, in its XML. */
const role = (expiration: Date): Answer =>
  raw(
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
       <AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
       <Expiration>${expiration.toISOString()}</Expiration>
     </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );

async function server() {
  const requests: Seen[] = [];
  const state: { answer: Answer } = { answer: json(200, {}) };
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen = {
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        path: request.url,
        port: request.socket.remotePort,
      };
      requests.push(seen);
      state.answer(response, seen);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an AddressInfo.
  const { port } = http.address() as AddressInfo;
  return {
    requests,
    url: `http://127.0.0.1:${port}`,
    answer: (answer: Answer) => {
      state.answer = answer;
    },
    close: () => {
      http.closeAllConnections();
      http.close();
    },
  };
}

describe('the seam over the SDK', () => {
  let aws: Awaited<ReturnType<typeof server>>;
  let sdk: SdkSend;
  let target: AwsTarget;
  const never = new AbortController().signal;

  const send = (more: Partial<Parameters<SdkSend['send']>[0]> = {}) =>
    sdk.send({
      target,
      service: 'ecs',
      operation: 'CreateService',
      input: { serviceName: 'x' },
      signal: never,
      ...more,
    });
  const failure = async (more: Parameters<typeof send>[0] = {}) => {
    const thrown = await send(more).then(
      () => new Error('it did not fail'),
      (error: unknown) => error,
    );
    return classify(thrown, { operation: 'ecs.CreateService', target: more.target ?? target, input: {} });
  };

  beforeEach(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'OWN');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_ECS'])
      vi.stubEnv(name, '');
    aws = await server();
    sdk = sdkSend({ clock: systemClock() });
    target = { region: 'eu-west-1', endpoint: aws.url };
  });

  afterEach(() => {
    sdk.close();
    aws.close();
    vi.unstubAllEnvs();
  });

  it('asks once more right before the request leaves, when credentials and signature are there', async () => {
    const asked: number[] = [];
    const refusal = new Error('the lease is lost');
    const check = () => {
      asked.push(aws.requests.length);
      throw refusal;
    };
    const request = { target, service: 'ecs', operation: 'DescribeClusters', input: {}, signal: never } as const;
    await expect(sdk.send({ ...request, check })).rejects.toBe(refusal);
    expect([asked, aws.requests]).toEqual([[0], []]);
    // Twice for a connection that has to be made, once for one that was kept.
    for (const call of [1, 2]) await sdk.send({ ...request, check: () => asked.push(call) });
    expect([asked, aws.requests.length]).toEqual([[0, 1, 1, 2], 2]);
  });

  it('lets nothing out over a connection that stands only when the right to act is gone', async () => {
    const refusal = new Error('the lease is lost');
    let held = true;
    const request = { target, service: 'ecs', operation: 'DescribeClusters', input: {}, signal: never } as const;
    const check = () => {
      if (!held) throw refusal;
      held = false;
    };
    await expect(sdk.send({ ...request, check })).rejects.toBe(refusal);
    expect(aws.requests).toEqual([]);
    await sdk.send({ ...request, check: () => {} });
    expect(aws.requests).toHaveLength(1);
  });

  it('speaks each service’s protocol to one endpoint', async () => {
    await send();
    await send({ service: 'servicediscovery', operation: 'GetNamespace', input: { Id: 'ns-1' } });
    aws.answer(
      raw(
        200,
        '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      ),
    );
    expect(await send({ service: 'sts', operation: 'GetCallerIdentity', input: {} })).toMatchObject({
      Account: '123456789012',
    });
    expect(aws.requests.map(({ headers }) => headers['x-amz-target'])).toEqual([
      'AmazonEC2ContainerServiceV20141113.CreateService',
      'Route53AutoNaming_v20170314.GetNamespace',
      undefined,
    ]);
    expect(aws.requests[2]?.body).toContain('Action=GetCallerIdentity');
    for (const { headers } of aws.requests) expect(headers.authorization).toContain('Credential=OWN/');
  });

  it('goes through the proxy that the environment names, and past it where NO_PROXY says so', async () => {
    const named = { region: 'eu-west-1', endpoint: 'http://ecs.example.com' };
    const through = sdkSend({ clock: systemClock(), proxyEnv: { HTTP_PROXY: aws.url, NO_PROXY: '127.0.0.1' } });
    const ask = (to: AwsTarget) =>
      through.send({ target: to, service: 'ecs', operation: 'DescribeClusters', input: {}, signal: never });
    await ask(named);
    await ask(target);
    through.close();
    expect(aws.requests.map(({ headers, path }) => [headers.host, path])).toEqual([
      ['ecs.example.com', 'http://ecs.example.com/'],
      [new URL(aws.url).host, '/'],
    ]);
  });

  it('takes AWS’s endpoint from the environment where the target has none', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
    await send({ target: { region: 'eu-west-1' } });
    expect(aws.requests).toHaveLength(1);
  });

  it('tolerates members and values that the SDK does not know yet', async () => {
    aws.answer(json(200, { service: { serviceName: 'x', status: 'BRAND_NEW', novelty: { a: 1 } }, more: [] }));
    expect(await send()).toMatchObject({ service: { serviceName: 'x', status: 'BRAND_NEW' } });
  });

  it('makes one attempt, whatever comes back', async () => {
    for (const answer of [
      json(400, { __type: 'ThrottlingException', message: 'Rate exceeded' }),
      json(500, { __type: 'ServerException', message: 'oops' }),
      raw(503, ''),
    ]) {
      aws.answer(answer);
      await failure();
    }
    expect(aws.requests).toHaveLength(3);
  });

  it.each<[string, Answer, object]>([
    [
      'a modelled error',
      json(400, { __type: 'com.amazonaws.ecs#ClusterNotFoundException', message: 'Cluster not found.' }),
      { kind: 'NotFound', missing: 'cluster', requestId: 'r-1' },
    ],
    [
      'one that ECS’s model lacks',
      json(400, { __type: 'ThrottlingException', message: 'Rate exceeded' }),
      { kind: 'Throttled' },
    ],
    [
      'a message with a capital M',
      json(400, { __type: 'AccessDeniedException', Message: 'is not authorized to perform: iam:PassRole on' }),
      { kind: 'Denied', missingAction: 'iam:PassRole' },
    ],
    [
      'a fault of AWS',
      json(500, { __type: 'ServerException', message: 'oops' }),
      { kind: 'Transient', effect: 'unknown' },
    ],
    [
      'HTML with 200',
      raw(200, '<html>welcome</html>'),
      { code: 'UnreadableAnswer', kind: 'Transient', effect: 'unknown' },
    ],
    ['HTML with 500', raw(500, '<html>bad</html>'), { code: 'UnreadableAnswer', kind: 'Transient' }],
    ['HTML with 404', raw(404, '<html>nobody</html>'), { code: 'UnreadableAnswer', kind: 'Transient' }],
    ['nothing with 502', raw(502, ''), { code: 'UnreadableAnswer', kind: 'Transient' }],
    ['a redirect', raw(302, ''), { code: 'UnreadableAnswer', kind: 'Transient' }],
    [
      'a connection that is reset',
      (response) => response.socket?.resetAndDestroy(),
      { code: 'ECONNRESET', effect: 'unknown' },
    ],
    [
      'an answer that breaks off',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"service"', () => response.destroy());
      },
      { code: 'ECONNRESET', kind: 'Transient', effect: 'unknown' },
    ],
  ])('classifies %s', async (_, answer, expected) => {
    aws.answer(answer);
    const error = await failure();
    expect(error).toMatchObject(expected);
    expect(error.message).not.toMatch(/\n|\$response|<html/);
  });

  it('classifies an endpoint where nobody listens: nothing was sent', async () => {
    const closed = await server();
    closed.close();
    const error = await failure({ target: { ...target, endpoint: closed.url } });
    expect(error).toMatchObject({ kind: 'Transient', code: 'ECONNREFUSED', effect: 'none' });
    expect(error.message).toContain(`no answer from ${closed.url}`);
  });

  it.each<[string, Answer]>([
    ['never answers', () => {}],
    [
      'never ends its answer',
      (response) => {
        response.writeHead(200);
        response.write('{');
      },
    ],
  ])('gives up on a server that %s', async (_, answer) => {
    const clock = new VirtualClock();
    const slow = sdkSend({ clock, timeoutMs: 30_000 });
    const arrived = Promise.withResolvers<void>();
    const hungUp = Promise.withResolvers<void>();
    aws.answer((response, seen) => {
      response.once('close', hungUp.resolve);
      answer(response, seen);
      arrived.resolve();
    });
    const call = slow.send({ target, service: 'ecs', operation: 'CreateService', input: {}, signal: never });
    const failed = call.catch((error: unknown) => error);
    await arrived.promise;
    clock.advance(30_000);
    expect(classify(await failed, { operation: 'ecs.CreateService', target, input: {} })).toMatchObject({
      kind: 'Transient',
      code: 'ETIMEDOUT',
      effect: 'unknown',
      message: expect.stringContaining('nothing came within 30 s'),
    });
    // The connection is given up too, or a server that hangs would soon hold them all.
    await hungUp.promise;
    slow.close();
  });

  it('ends at once when the caller gives up', async () => {
    const aborter = new AbortController();
    aws.answer(() => aborter.abort(new Error('stopping')));
    await expect(send({ signal: aborter.signal })).rejects.toThrow();
  });

  it('leaves no timer behind', async () => {
    const clock = new VirtualClock();
    const other = sdkSend({ clock });
    await other.send({ target, service: 'ecs', operation: 'ListClusters', input: {}, signal: never }).catch(() => {});
    await other.send({ target, service: 'ecs', operation: 'ListServices', input: {}, signal: never });
    expect(clock.pending).toBe(0);
    other.close();
  });

  it('uses a connection again, across services', async () => {
    await send();
    await send({ service: 'servicediscovery', operation: 'ListNamespaces', input: {} });
    await send();
    expect(new Set(aws.requests.map(({ port }) => port)).size).toBe(1);
  });

  it('refuses an operation that it does not know', async () => {
    await expect(send({ operation: 'DropEverything' })).rejects.toThrow('ecs has no operation DropEverything');
  });

  it('says what to do when there are no credentials', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
    const error = await failure();
    expect(error).toMatchObject({ kind: 'Denied', effect: 'none' });
    expect(error.message).toMatch(/^CreateService: no credentials: .*give the operator a role/);
    expect(aws.requests).toHaveLength(0);
  });

  it('looks for credentials again when AWS says that they have expired', async () => {
    aws.answer(json(400, { __type: 'ExpiredTokenException', message: 'The security token is expired' }));
    expect(await failure()).toMatchObject({ kind: 'Transient', code: 'ExpiredTokenException', effect: 'none' });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ROTATED');
    aws.answer(json(200, {}));
    await send();
    expect(aws.requests[1]?.headers.authorization).toContain('Credential=ROTATED/');
  });

  describe('as an assumed role', () => {
    const hour = () => new Date(Date.now() + 3_600_000);
    const assuming = (expiration: () => Date): void =>
      aws.answer((response, seen) =>
        (seen.body.includes('AssumeRole') ? role(expiration()) : json(200, {}))(response, seen),
      );
    const asRole = (more: object = {}) => ({
      target: { ...target, roleArn: 'arn:aws:iam::123456789012:role/deploy', ...more },
    });
    const assumptions = () => aws.requests.filter(({ body }) => body.includes('Action=AssumeRole'));

    it('assumes it once for all that ask at the same time, from the operator’s own identity', async () => {
      assuming(hour);
      await Promise.all([
        send(asRole()),
        send(asRole()),
        send({ ...asRole(), service: 'servicediscovery', operation: 'ListNamespaces', input: {} }),
      ]);
      await send(asRole());
      expect(assumptions()).toHaveLength(1);
      expect(assumptions()[0]?.headers.authorization).toContain('Credential=OWN/');
      expect(assumptions()[0]?.body).toContain('RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdeploy');
      const calls = aws.requests.filter(({ body }) => !body.includes('AssumeRole'));
      expect(calls).toHaveLength(4);
      for (const { headers } of calls) expect(headers.authorization).toContain('Credential=ASSUMED/');
    });

    it('passes the external id, and keeps roles with different ones apart', async () => {
      assuming(hour);
      await send(asRole({ externalId: 'tenant-a' }));
      await send(asRole({ externalId: 'tenant-b' }));
      expect(assumptions().map(({ body }) => /ExternalId=([\w-]+)/.exec(body)?.[1])).toEqual(['tenant-a', 'tenant-b']);
    });

    it('assumes it anew shortly before it ends, and goes on with what it has while STS cannot be reached', async () => {
      const clock = new VirtualClock();
      const end = () => new Date(clock.now() + 3_600_000);
      const provider = new Credentials({ clock, requestHandler: {} }).of(asRole().target);
      assuming(end);
      await provider();
      clock.advance(54 * 60_000);
      await provider();
      expect(assumptions(), 'six minutes are left').toHaveLength(1);
      clock.advance(2 * 60_000);
      await provider();
      expect(assumptions(), 'four minutes are left').toHaveLength(2);

      aws.answer(raw(503, ''));
      clock.advance(56 * 60_000);
      for (let i = 0; i < 5; i++) expect(await provider()).toMatchObject({ accessKeyId: 'ASSUMED' });
      expect(assumptions(), 'asked once, then not for a while').toHaveLength(3);
      clock.advance(4 * 60_000);
      await expect(provider(), 'they have ended').rejects.toBeInstanceOf(AwsCredentialsError);
    });

    it('says which role may not be assumed, and what is missing', async () => {
      aws.answer(
        raw(
          403,
          `<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/x is not authorized to
           perform: sts:AssumeRole on resource: y</Message></Error><RequestId>q</RequestId></ErrorResponse>`,
        ),
      );
      const error = await failure(asRole());
      expect(error).toMatchObject({ kind: 'Denied', missingAction: 'sts:AssumeRole', effect: 'none' });
      expect(error.message).toContain('no credentials of arn:aws:iam::123456789012:role/deploy');
      expect(aws.requests, 'once: it would be refused again').toHaveLength(1);
    });
  });
});
