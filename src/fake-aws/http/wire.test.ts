import {
  CreateHttpNamespaceCommand,
  GetNamespaceCommand,
  GetOperationCommand,
  NamespaceAlreadyExists,
  NamespaceNotFound,
  ServiceDiscoveryClient,
  type ServiceDiscoveryClientConfig,
} from '@aws-sdk/client-servicediscovery';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../runtime/virtual-clock.ts';
import { type FakeAwsServer, startFakeAws } from '../server.ts';

const clock = new VirtualClock();
const guarded = 'arn:aws:iam::222222222222:role/team/guarded';
const refused = 'arn:aws:iam::222222222222:role/refused';
let server: FakeAwsServer;

beforeAll(async () => {
  const roles = { [guarded]: { externalId: 'secret' }, [refused]: { refused: true } };
  server = await startFakeAws({ clock, roles, accessKeys: { AKIAOTHER: '333333333333' } });
});
afterAll(() => server.stop());

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const settings = () => ({ endpoint: server.url, region: 'eu-west-1', credentials, maxAttempts: 1 });

function cloudMap(config: Partial<ServiceDiscoveryClientConfig> = {}): ServiceDiscoveryClient {
  return new ServiceDiscoveryClient({ ...settings(), ...config });
}

/** Makes an HTTP namespace; answers its id. */
async function namespace(client: ServiceDiscoveryClient, Name: string): Promise<string | undefined> {
  const { OperationId } = await client.send(new CreateHttpNamespaceCommand({ Name }));
  clock.advance(10_000);
  const { Operation } = await client.send(new GetOperationCommand({ OperationId }));
  return Operation?.Targets?.NAMESPACE;
}

describe.each([
  ['AWS JSON 1.1', {}],
  // What newer Python clients speak to Cloud Map.
  [
    'Smithy RPC v2 CBOR',
    {
      protocol: new SmithyRpcV2CborProtocol({
        defaultNamespace: 'com.amazonaws.servicediscovery',
        errorTypeRegistries: [],
      }),
    },
  ],
])('over %s', (protocol, config) => {
  it('an SDK client gets outputs with dates, numbers and nested structures', async () => {
    const client = cloudMap(config);
    const id = await namespace(client, `shop-${protocol.length}`);
    const { Namespace } = await client.send(new GetNamespaceCommand({ Id: id }));
    expect(Namespace).toMatchObject({ Id: id, Type: 'HTTP', ServiceCount: 0, CreateDate: expect.any(Date) });
    expect(Namespace?.CreateDate?.getTime()).toBeLessThanOrEqual(clock.now());
    expect(clock.now() - (Namespace?.CreateDate?.getTime() ?? 0)).toBeLessThan(3_600_000);
  });

  it('an SDK client gets errors with their code, message and further members', async () => {
    const client = cloudMap(config);
    const Name = `taken-${protocol.length}`;
    const id = await namespace(client, Name);
    await expect(client.send(new CreateHttpNamespaceCommand({ Name }))).rejects.toMatchObject({
      name: 'NamespaceAlreadyExists',
      NamespaceId: id,
      message: expect.stringContaining(Name),
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    await expect(client.send(new GetNamespaceCommand({ Id: 'ns-none' }))).rejects.toMatchObject({
      name: 'NamespaceNotFound',
    });
  });
});

it('errors are those classes that the SDK exports', async () => {
  const client = cloudMap();
  await namespace(client, 'classes');
  await expect(client.send(new CreateHttpNamespaceCommand({ Name: 'classes' }))).rejects.toBeInstanceOf(
    NamespaceAlreadyExists,
  );
  await expect(client.send(new GetNamespaceCommand({ Id: 'ns-none' }))).rejects.toBeInstanceOf(NamespaceNotFound);
});

it('regions and accounts do not see each other', async () => {
  const id = await namespace(cloudMap(), 'here');
  const there = { credentials: { accessKeyId: '444444444444', secretAccessKey: 'x' } };
  for (const config of [{ region: 'us-east-1' }, there]) {
    await expect(cloudMap(config).send(new GetNamespaceCommand({ Id: id }))).rejects.toBeInstanceOf(NamespaceNotFound);
  }
  const own = await namespace(cloudMap(there), 'theirs');
  const { Namespace } = await cloudMap(there).send(new GetNamespaceCommand({ Id: own }));
  expect(Namespace?.Arn).toContain(':eu-west-1:444444444444:');
});

describe('STS', () => {
  const sts = () => new STSClient(settings());
  const session = { RoleSessionName: 'operator' };

  it('says who calls', async () => {
    expect(await sts().send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:root',
    });
    const other = new STSClient({ ...settings(), credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'x' } });
    expect(await other.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '333333333333' });
  });

  it('gives credentials for a role, which then act in the account of that role', async () => {
    const RoleArn = 'arn:aws:iam::222222222222:role/path/deployer';
    const { Credentials, AssumedRoleUser } = await sts().send(new AssumeRoleCommand({ RoleArn, ...session }));
    const arn = 'arn:aws:sts::222222222222:assumed-role/deployer/operator';
    expect(AssumedRoleUser?.Arn).toBe(arn);
    expect(Credentials?.Expiration).toEqual(new Date(clock.now() + 3_600_000));
    const assumed = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const identity = await new STSClient({ ...settings(), credentials: assumed }).send(
      new GetCallerIdentityCommand({}),
    );
    expect(identity).toMatchObject({ Account: '222222222222', Arn: arn });
    expect(await namespace(cloudMap({ credentials: assumed }), 'of-the-role')).toMatch(/^ns-/);
    expect(server.calls.list({ accountId: '222222222222', operation: 'CreateHttpNamespace' })).toMatchObject([
      { caller: arn },
    ]);
    clock.advance(3_600_000);
    await expect(cloudMap({ credentials: assumed }).send(new GetNamespaceCommand({ Id: 'x' }))).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
  });

  it('refuses roles that do not trust the caller', async () => {
    const assume = (RoleArn: string, ExternalId?: string) =>
      sts().send(new AssumeRoleCommand({ RoleArn, ExternalId, DurationSeconds: 900, ...session }));
    await expect(assume(refused)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(refused),
    });
    await expect(assume(guarded)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assume(guarded, 'wrong')).rejects.toMatchObject({ name: 'AccessDenied' });
    expect((await assume(guarded, 'secret')).Credentials?.AccessKeyId).toMatch(/^ASIA/);
    await expect(assume('arn:aws:iam::x:role/r')).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('does not know credentials that an earlier fake gave out', async () => {
    const credentials = { accessKeyId: 'ASIAFAKEABCDEFGHIJKL', secretAccessKey: 'x' };
    await expect(cloudMap({ credentials }).send(new GetNamespaceCommand({ Id: 'x' }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });
});

describe('a request that AWS would not take', () => {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ecs/aws4_request, SignedHeaders=host, Signature=0';
  const post = async (body: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${server.url}/`, { method: 'POST', body, headers: { authorization, ...headers } });
    return { status: answer.status, text: await answer.text() };
  };
  const target = (name: string) => ({ 'x-amz-target': name, 'content-type': 'application/x-amz-json-1.1' });

  it.each([
    ['AnyScaleFrontendService.PutScalingPolicy', 'a service that the fake does not play'],
    ['AmazonEC2ContainerServiceV20141113.CreateRocket', 'an operation that ECS does not have'],
    ['Route53AutoNaming_v20170314.CreateRocket', 'an operation that Cloud Map does not have'],
  ])('to %s is answered with the name: %s', async (name) => {
    const { status, text } = await post('{}', target(name));
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ __type: 'UnknownOperationException' });
    expect(text).toContain(name.split('.')[1]);
  });

  it.each([['{"Name":'], ['[]'], ['"text"'], ['\u0000']])(
    'with the body %j is a SerializationException',
    async (body) => {
      const { status, text } = await post(body, target('Route53AutoNaming_v20170314.CreateHttpNamespace'));
      expect(status).toBe(400);
      expect(JSON.parse(text)).toMatchObject({ __type: 'SerializationException' });
    },
  );

  it('without a signature is refused', async () => {
    const headers = { ...target('Route53AutoNaming_v20170314.ListNamespaces'), authorization: '' };
    expect(await post('{}', headers)).toMatchObject({
      status: 403,
      text: expect.stringContaining('MissingAuthentication'),
    });
  });

  it('with a body that is too large is refused, and the next one answered', async () => {
    const headers = target('Route53AutoNaming_v20170314.ListNamespaces');
    expect((await post(`{"x":"${'y'.repeat(1_100_000)}"}`, headers)).status).toBe(413);
    expect((await post('{}', headers)).status).toBe(200);
  });

  it('takes null for a member that was left out', async () => {
    const headers = target('Route53AutoNaming_v20170314.ListNamespaces');
    expect((await post('{"NextToken":null,"Filters":null}', headers)).status).toBe(200);
  });

  it('in the Query protocol with an unknown action is an XML error', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, text } = await post('Action=Conjure&Version=2011-06-15', headers);
    expect(status).toBe(400);
    expect(text).toMatch(/<Code>InvalidAction<\/Code><Message>[^<]*Conjure/);
  });
});
