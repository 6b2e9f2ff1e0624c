import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elements, member } from '../../src/devcluster/json.ts';
import { normalise } from '../../src/shape/normalise.ts';
import { isList, isObject, type Json, type JsonObject } from '../../src/shape/shape.ts';
import { serviceShape, taskDefinitionShape } from '../../src/shape/shapes.ts';
import { type OwnControlPlane, ownControlPlane } from '../harness/control-plane.ts';
import { tagsOf, templateService } from '../harness/whole.ts';
import { conditionOf, fargateService, fargateTask, type Kind, type Live, World, waitFor } from '../harness/world.ts';
import { REFUSED_BY_AWS } from './corpus/refused-by-aws.ts';
import { type Home, homeOf, surroundings } from './corpus/surroundings.ts';
import { realFiles, realFilesAreThere } from './crd/real-files.ts';
import { REFUSED_TASK_DEFINITIONS } from './crd/real-files-refused.ts';

const policy = { adoption: 'Adopt' };
const own = (key: string) => key.startsWith('ecs-operator.dev/');

/** The names of the calls that changed AWS, each once. */
function changes(world: World): readonly string[] {
  return [...new Set(world.writes().flatMap(({ operation, effective }) => (effective ? operation : [])))];
}

/** Files that nobody can have made a service of, and why. */
const NO_SERVICES: Readonly<Record<string, string>> = {
  '001': 'a skeleton that nobody filled in',
  '003': 'a skeleton that nobody filled in',
  '011': 'placement strategies on Fargate, which AWS refuses',
};

/** What stands in the way in a file that is a service's all the same: corrected as its owner had to. */
const CORRECTED: Readonly<Record<string, (spec: JsonObject) => JsonObject>> = {
  // UpdateService requests.
  '007': ({ service, ...rest }) => ({ ...rest, serviceName: service ?? null }),
  '023': ({ service, ...rest }) => ({ ...rest, serviceName: service ?? null }),
  // A member that AWS does not know, and a grace period for the health checks of no load balancer.
  '014': ({ enableLogging: _unknown, healthCheckGracePeriodSeconds: _useless, ...rest }) => rest,
  // Tags that a template fills in.
  '020': (spec) => ({ ...spec, tags: [] }),
  // alarmnames for alarmNames.
  '024': (spec) => JSON.parse(JSON.stringify(spec).replace('"alarmnames"', '"alarmNames"')),
  // As describe-services prints it in AWS's documentation, with placeholders in its ARNs.
  '040': ({ services }) => ({ ...asObject(elements(services)[0]), clusterArn: null, taskDefinition: 'filled-in' }),
  '043': (spec) => ({ ...spec, taskDefinition: 'filled-in' }),
};

const TARGET_GROUP = /^arn:aws[\w-]*:elasticloadbalancing:[\w-]+:\d{12}:targetgroup\/[\w-]+\/[0-9a-f]+$/;

const title = realFilesAreThere
  ? 'what people wrote, made by hand first'
  : 'what people wrote, made by hand first (skipped: there is no folder shared/real-ecs-json beside the project)';

describe.skipIf(!realFilesAreThere)(title, () => {
  let cluster: OwnControlPlane;
  let world: World;
  /** By name of the object: what its owner had before. */
  const before = new Map<string, { readonly home: Home; readonly spec: JsonObject; readonly live: JsonObject }>();

  beforeAll(async () => {
    // Of its own: AwsAccounts, of which there is one for each account and region here, have no namespace.
    cluster = await ownControlPlane();
    const fake = { throttle: false };
    world = await World.start({ cluster, fake, settings: { rateScale: Number.POSITIVE_INFINITY } });
    for (const [name, spec] of services) await makeService(name, spec);
    for (const [name, spec] of taskDefinitions) makeTaskDefinition(name, spec);
    await Promise.all([...before.keys()].map((name) => steady(name)));
    for (const [name, { spec, home }] of before) await adoptService(name, spec, home);
    for (const [name, spec] of taskDefinitions) {
      await world.apply('EcsTaskDefinition', name, { ...spec, family: name, policy });
    }
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await cluster?.stop();
  });

  test.each(services)('service %s is adopted by its tags alone: no revision, no deployment', async (name) => {
    const { home, live } = before.get(name) ?? raise(name);
    const adopted = await settled('EcsService', name);
    expect(conditionOf(adopted, 'Ready')).toMatchObject({ status: 'True' });
    expect(adopted.status).toMatchObject({ adopted: true, arn: live.serviceArn });
    const now = describeService(home, live);
    const { tags: tagsNow, ...same } = now;
    const { tags: tagsBefore, ...was } = live;
    expect(same).toEqual(was);
    expect(elements(tagsNow).filter((tag) => !own(String(member(tag, 'key'))))).toEqual(elements(tagsBefore));
    expect(elements(tagsNow).filter((tag) => own(String(member(tag, 'key'))))).toHaveLength(5);
  });

  test.each(taskDefinitions)('task definition %s is adopted by its tags alone: no new revision', async (name) => {
    const adopted = await settled('EcsTaskDefinition', name);
    expect(conditionOf(adopted, 'Ready')).toMatchObject({ status: 'True' });
    expect(adopted.status).toMatchObject({ adopted: true, revision: 1 });
    expect(Object.keys(world.tags(String(adopted.status?.arn))).filter(own)).toHaveLength(6);
  });

  test('all of that is nothing but tags', async () => {
    for (const [name] of services) await settled('EcsService', name);
    for (const [name] of taskDefinitions) await settled('EcsTaskDefinition', name);
    expect(changes(world)).toEqual(['TagResource']);
  });

  test('all files are there, and all that can be a service was one', () => {
    expect(realFiles('services')).toHaveLength(44);
    expect(services).toHaveLength(44 - Object.keys(NO_SERVICES).length);
  });

  async function makeService(name: string, file: JsonObject): Promise<void> {
    const home = homeOf(file);
    const spec = await surroundings(world.fake.fake, { ...file, serviceName: file.serviceName || name }, home);
    const { value, problems } = normalise(spec, serviceShape, { own: ['failures'] });
    expect(problems, name).toEqual([]);
    // What UpdateService requests, and those of tools, leave to AWS or to others.
    const count = value.schedulingStrategy === 'DAEMON' ? {} : { desiredCount: 1 };
    ask(home, 'CreateService', { ...count, ...value });
    before.set(name, { home, spec, live: {} });
  }

  function makeTaskDefinition(name: string, spec: JsonObject): void {
    const { value } = normalise(spec, taskDefinitionShape, { supplied: ['family'] });
    world.aws('ecs', 'RegisterTaskDefinition', { ...value, family: name });
  }

  /** Once AWS has done with it, nothing in its description moves by itself any more. */
  async function steady(name: string): Promise<void> {
    const { home, spec } = before.get(name) ?? raise(name);
    const wanted = { cluster: spec.cluster ?? null, serviceName: spec.serviceName ?? name };
    const live = await waitFor(() => describeService(home, wanted), {
      describe: `${name} is steady`,
      until: ({ deployments, taskSets, desiredCount, runningCount, pendingCount }) => {
        const [deployment, ...others] = elements(deployments);
        const state = member(deployment, 'rolloutState');
        const rolled = others.length === 0 && (state === undefined || state === 'COMPLETED');
        const settledSets = elements(taskSets).every((set) => member(set, 'stabilityStatus') === 'STEADY_STATE');
        return rolled && settledSets && desiredCount === runningCount && pendingCount === 0;
      },
    });
    before.set(name, { home, spec, live });
  }

  async function adoptService(name: string, spec: JsonObject, home: Home): Promise<void> {
    const account = `of-${home.accountId}-${home.region}`;
    await world.apply('AwsAccount', account, {
      region: home.region,
      endpoint: world.fake.url,
      assumeRole: { roleArn: `arn:aws:iam::${home.accountId}:role/operator` },
      allowedNamespaces: { names: [world.namespace] },
      passRoleArns: ['*'],
      clusters: ['*'],
    });
    await world.apply('EcsService', name, { ...spec, accountRef: { name: account }, policy });
  }

  function describeService(home: Home, { cluster: at, clusterArn, serviceName }: JsonObject): JsonObject {
    const where = clusterArn ?? at;
    const input = { ...(where ? { cluster: where } : {}), services: [serviceName], include: ['TAGS'] };
    const { events: _told, ...service } = asObject(
      elements(member(ask(home, 'DescribeServices', input), 'services'))[0],
    );
    return service;
  }

  function ask(home: Home, operation: string, input: object): unknown {
    return world.fake.fake.handle({ service: 'ecs', operation, input, ...home });
  }

  /** The object once it is Ready, or Stalled. */
  function settled(kind: Kind, name: string): Promise<Live> {
    return waitFor(() => world.get(kind, name), {
      describe: `${kind} ${name} is Ready, or Stalled`,
      until: (object) =>
        conditionOf(object, 'Ready')?.status === 'True' || conditionOf(object, 'Stalled')?.status === 'True',
    }) as Promise<Live>;
  }
});

const services = realFiles('services')
  .filter(([name]) => NO_SERVICES[name] === undefined)
  .map(([name, file]) => [`service-${name}`, filledIn(CORRECTED[name]?.(file) ?? file, name)] as const);

const taskDefinitions = realFiles('task-definitions')
  .filter(([name]) => REFUSED_TASK_DEFINITIONS[name] === undefined)
  .filter(([name]) => REFUSED_BY_AWS['task-definitions'][name] === undefined)
  .map(([name, spec]) => [`task-${name}`, spec] as const);

/** With the task definition that a tool keeps beside the file, and target groups for their placeholders. */
function filledIn(spec: JsonObject, name: string): JsonObject {
  const balancers = isList(spec.loadBalancers) ? spec.loadBalancers.filter(isObject) : [];
  return {
    ...spec,
    ...(spec.taskDefinition ? {} : { taskDefinition: `for-${name}` }),
    // A cluster of its own: several files have the same names, and want other capacity providers.
    cluster: `${spec.cluster || 'default'}-${name}`,
    ...(balancers.length === 0
      ? {}
      : { loadBalancers: balancers.map((balancer): Json => ({ ...balancer, ...targetGroup(balancer) })) }),
  };
}

function targetGroup({ targetGroupArn }: JsonObject): JsonObject {
  if (typeof targetGroupArn !== 'string' || targetGroupArn === '' || TARGET_GROUP.test(targetGroupArn)) return {};
  return { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef' };
}

function asObject(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value ?? {}));
}

function raise(name: string): never {
  throw new Error(`${name} was not made`);
}

test('a cluster, a Cloud Map namespace of each type and a Cloud Map service are adopted by their tags alone', async () => {
  await using world = await World.start();
  const settings = [{ name: 'containerInsights', value: 'enabled' }];
  const capacity = { capacityProviders: ['FARGATE', 'FARGATE_SPOT'], defaultCapacityProviderStrategy: [] };
  const tags = [{ key: 'team', value: 'shop' }];
  world.aws('ecs', 'CreateCluster', { clusterName: 'main', settings, ...capacity, tags });
  const Tags = [{ Key: 'team', Value: 'shop' }];
  const cloudMap = (operation: string, input: object) => world.aws('servicediscovery', operation, input);
  cloudMap('CreateHttpNamespace', { Name: 'apps', Description: 'theirs', Tags });
  cloudMap('CreatePrivateDnsNamespace', { Name: 'apps.local', Vpc: 'vpc-1', Tags });
  cloudMap('CreatePublicDnsNamespace', { Name: 'example.com', Tags });
  const made = await waitFor(() => cloudMap('ListNamespaces', {}).Namespaces as { Id: string; Name: string }[], {
    describe: 'Cloud Map has made the namespaces',
    until: (namespaces) => namespaces.length === 3,
  });
  const NamespaceId = made.find(({ Name }) => Name === 'apps.local')?.Id;
  const DnsConfig = { DnsRecords: [{ Type: 'A', TTL: 15 }] };
  cloudMap('CreateService', { Name: 'web', NamespaceId, DnsConfig, Description: 'theirs', Tags });

  await world.apply('EcsCluster', 'main', { settings, ...capacity, tags, policy });
  await world.apply('CloudMapNamespace', 'apps', { type: 'HTTP', description: 'theirs', tags, policy });
  await world.apply('CloudMapNamespace', 'local', { type: 'DNS_PRIVATE', name: 'apps.local', vpc: 'vpc-1', policy });
  await world.apply('CloudMapNamespace', 'public', { type: 'DNS_PUBLIC', name: 'example.com', policy });
  const dnsConfig = { dnsRecords: [{ type: 'A', ttl: 15 }] };
  await world.apply('CloudMapService', 'web', { namespaceRef: { name: 'local' }, dnsConfig, tags, policy });
  for (const [kind, name] of [
    ['EcsCluster', 'main'],
    ['CloudMapNamespace', 'apps'],
    ['CloudMapNamespace', 'local'],
    ['CloudMapNamespace', 'public'],
    ['CloudMapService', 'web'],
  ] as const) {
    const { metadata, status } = await world.ready(kind, name);
    expect(status, `${kind} ${name}`).toMatchObject({ adopted: true, ownerUid: metadata.uid });
    const { team, ...rest } = tagsOf(world, String(status?.arn));
    expect(team).toBe('shop');
    expect(Object.keys(rest).filter(own)).toHaveLength(5);
  }
  // Cloud Map tells what there is by refusing to make it again, or by a creation that fails.
  expect(changes(world).filter((operation) => operation !== 'CreatePrivateDnsNamespace')).toEqual(['TagResource']);
  expect(cloudMap('ListNamespaces', {}).Namespaces).toHaveLength(3);
});

/** Cluster, task definition and service, as a person makes them by hand. */
function madeByHand(world: World): void {
  world.aws('ecs', 'CreateCluster', { clusterName: 'main' });
  const { value } = normalise(asObject(fargateTask()), taskDefinitionShape, { supplied: ['family'] });
  world.aws('ecs', 'RegisterTaskDefinition', { ...value, family: 'web' });
  const { clusterRef: _cluster, taskDefinitionRef: _task, ...service } = asObject(fargateService('web'));
  world.aws('ecs', 'CreateService', { ...service, cluster: 'main', taskDefinition: 'web', serviceName: 'web' });
}

const primary = (world: World) => member(elements(world.service('main', 'web')?.deployments)[0], 'id');

test('a whole set is adopted with its references, and what changes afterwards is applied', async () => {
  await using world = await World.start();
  madeByHand(world);
  const deployment = primary(world);
  await world.apply('EcsCluster', 'main', { policy });
  await world.apply('EcsTaskDefinition', 'web', { ...fargateTask(), policy });
  await world.apply('EcsService', 'web', fargateService('web', { policy }));
  await world.ready('EcsService', 'web');
  await world.ready('EcsTaskDefinition', 'web');
  expect(changes(world)).toEqual(['TagResource']);
  expect(primary(world)).toBe(deployment);

  await world.apply('EcsTaskDefinition', 'web', { ...fargateTask('app:2'), policy });
  await world.ready('EcsTaskDefinition', 'web');
  expect(world.service('main', 'web')?.taskDefinition).toMatch(/web:2$/);
  expect(world.calls('UpdateService')).toHaveLength(1);
});

test('with a template that says what runs already, the revision is adopted with the service', async () => {
  await using world = await World.start();
  madeByHand(world);
  const deployment = primary(world);
  await world.apply('EcsCluster', 'main', { policy });
  await world.apply('EcsService', 'web', templateService(fargateTask(), { policy }));
  await world.ready('EcsService', 'web');
  expect(changes(world)).toEqual(['TagResource']);
  expect(primary(world)).toBe(deployment);
  const taskDefinition = String(world.service('main', 'web')?.taskDefinition);
  expect(world.tags(taskDefinition)).toMatchObject({ 'ecs-operator.dev/kind': 'EcsService' });
});

test('what was adopted and differs from the spec is changed to it, and is never deleted by itself', async () => {
  await using world = await World.start();
  madeByHand(world);
  await world.apply('EcsCluster', 'main', { policy });
  await world.apply('EcsTaskDefinition', 'web', { ...fargateTask('app:2'), policy });
  await world.apply('EcsService', 'web', fargateService('web', { desiredCount: 2, policy }));
  await world.ready('EcsService', 'web');
  expect(world.service('main', 'web')).toMatchObject({
    desiredCount: 2,
    taskDefinition: expect.stringMatching(/web:2$/),
  });
  for (const [kind, name] of [
    ['EcsService', 'web'],
    ['EcsCluster', 'main'],
  ] as const) {
    await world.delete(kind, name);
    await world.gone(kind, name);
  }
  expect(world.service('main', 'web')).toMatchObject({ status: 'ACTIVE', desiredCount: 2 });
});
