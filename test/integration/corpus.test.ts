import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elements, member } from '../../src/devcluster/json.ts';
import { isObject, type JsonObject } from '../../src/shape/shape.ts';
import { type OwnControlPlane, ownControlPlane } from '../harness/control-plane.ts';
import { conditionOf, type Kind, type Live, World, waitFor } from '../harness/world.ts';
import { REFUSED_BY_AWS } from './corpus/refused-by-aws.ts';
import { unfulfilled } from './corpus/same-meaning.ts';
import { type Home, homeOf, surroundings } from './corpus/surroundings.ts';
import { realFiles, realFilesAreThere } from './crd/real-files.ts';
import { NO_TASK_DEFINITION, REFUSED_SERVICES, REFUSED_TASK_DEFINITIONS } from './crd/real-files-refused.ts';

type Folder = keyof typeof REFUSED_BY_AWS;

const title = realFilesAreThere
  ? 'definitions that people wrote'
  : 'definitions that people wrote (skipped: there is no folder shared/real-ecs-json beside the project)';

describe.skipIf(!realFilesAreThere)(title, () => {
  let cluster: OwnControlPlane;
  let world: World;
  /** By name of the object: what was put under `spec`. */
  const applied = new Map<string, JsonObject>();

  beforeAll(async () => {
    // Of its own: AwsAccounts, of which there is one for each account and region here, have no namespace.
    cluster = await ownControlPlane();
    world = await World.start({
      cluster,
      fake: { throttle: false },
      settings: { rateScale: Number.POSITIVE_INFINITY },
    });
    // All at once, as a person moves in: each test then looks at one of them.
    for (const [name, spec] of taskDefinitions) await world.apply('EcsTaskDefinition', objectName(name), spec);
    for (const [name, spec] of services) await applyService(name, spec);
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await cluster?.stop();
  });

  test.each(taskDefinitions)('task definition %s is registered with the meaning it has in AWS', async (name, spec) => {
    const object = await settled('EcsTaskDefinition', name);
    if (isRefused('task-definitions', name, object)) return;
    const answer = world.aws('ecs', 'DescribeTaskDefinition', {
      taskDefinition: object.status?.arn,
      include: ['TAGS'],
    });
    const printed = plain({ ...asObject(answer.taskDefinition), tags: answer.tags });
    expect(unfulfilled('task definition', spec, printed)).toEqual([]);
    expect(printed).toMatchObject({ family: spec.family || objectName(name), revision: 1 });

    // What AWS prints pastes too, but for the operator's own tags: it says the same, so there is no second revision.
    const since = world.mark();
    await world.apply('EcsTaskDefinition', objectName(name), { ...printed, tags: spec.tags ?? null });
    const ready = await world.ready('EcsTaskDefinition', objectName(name));
    expect(ready.metadata.generation).toBeGreaterThan(object.metadata.generation);
    expect(ready.status?.arn).toBe(object.status?.arn);
    // The others may not all be done yet.
    const again = world
      .calls('RegisterTaskDefinition', since)
      .filter(({ input }) => member(input, 'family') === printed.family);
    expect(again).toEqual([]);
  });

  test.each(services)('service %s is created with the meaning it has in AWS', async (name, spec) => {
    const object = await settled('EcsService', name);
    if (isRefused('services', name, object)) return;
    const asked = applied.get(objectName(name)) ?? {};
    const printed = printedService(object, homeOf(spec), asked);
    const [deployment] = elements(printed.deployments);
    expect(unfulfilled('service', asked, { ...asObject(deployment), ...printed })).toEqual([]);

    // What AWS prints pastes too: it says the same, so nothing is called. Left as they were: what it prints elsewhere or
    // not at all, and the name where none was given, which cannot be added later.
    const same = ['serviceName', 'role', 'cluster', 'tags', 'serviceConnectConfiguration'];
    const since = world.mark();
    await world.apply('EcsService', objectName(name), {
      ...printed,
      ...Object.fromEntries(same.map((one) => [one, asked[one] ?? null])),
      accountRef: { name: accountName(homeOf(spec)) },
    });
    const ready = await world.ready('EcsService', objectName(name));
    expect(ready.metadata.generation).toBeGreaterThan(object.metadata.generation);
    const { serviceArn, serviceName } = printed;
    const names = (input: unknown) => [
      member(input, 'service'),
      member(input, 'serviceName'),
      member(input, 'resourceArn'),
    ];
    const ofThis = world
      .writes(since)
      .filter(({ input }) => names(input).some((one) => one === serviceName || one === serviceArn));
    expect(ofThis.map(({ operation }) => operation)).toEqual([]);
  });

  test.each(refused('task-definitions'))(
    'task definition %s is refused at once, with what to do',
    async (name, spec) => {
      await expectRefused('EcsTaskDefinition', name, spec, REFUSED_TASK_DEFINITIONS[name]?.says);
    },
  );

  test.each(refused('services'))('service %s is refused at once, with what to do', async (name, spec) => {
    await expectRefused('EcsService', name, spec, REFUSED_SERVICES[name]?.says);
  });

  test('are all there', () => {
    expect(realFiles('task-definitions')).toHaveLength(93);
    expect(realFiles('services')).toHaveLength(44);
  });

  test('would be found out if AWS held something else', () => {
    const asked = { cpu: '1 vCPU', containerDefinitions: [{ name: 'a', environment: [{ name: 'A', value: '1' }] }] };
    const other = { cpu: '1024', containerDefinitions: [{ name: 'a', environment: [{ name: 'A', value: '2' }] }] };
    expect(unfulfilled('task definition', asked, other)).toEqual([
      'containerDefinitions[0].environment[0].value: asked 1, held "2"',
    ]);
  });

  async function applyService(name: string, spec: JsonObject): Promise<void> {
    const home = homeOf(spec);
    // Tools keep the task definition beside the service, and add it.
    const whole = REFUSED_SERVICES[name] === NO_TASK_DEFINITION ? { ...spec, taskDefinition: `for-${name}` } : spec;
    const asked = await surroundings(world.fake.fake, whole, home);
    applied.set(objectName(name), asked);
    await world.apply('AwsAccount', accountName(home), {
      region: home.region,
      endpoint: world.fake.url,
      assumeRole: { roleArn: `arn:aws:iam::${home.accountId}:role/operator` },
      allowedNamespaces: { names: [world.namespace] },
      passRoleArns: ['*'],
      clusters: ['*'],
    });
    await world.apply('EcsService', objectName(name), { ...asked, accountRef: { name: accountName(home) } });
  }

  /** The object once it is Ready, or Stalled. */
  function settled(kind: Kind, name: string): Promise<Live> {
    return waitFor(() => world.get(kind, objectName(name)), {
      describe: `${kind} ${name} is Ready, or Stalled`,
      until: (object) =>
        conditionOf(object, 'Ready')?.status === 'True' || conditionOf(object, 'Stalled')?.status === 'True',
    }) as Promise<Live>;
  }

  function printedService(object: Live, home: Home, { cluster: at }: JsonObject): JsonObject {
    const answer = world.fake.fake.handle({
      service: 'ecs',
      operation: 'DescribeServices',
      input: { ...(typeof at === 'string' && { cluster: at }), services: [object.status?.name], include: ['TAGS'] },
      ...home,
    });
    return plain(elements(member(answer, 'services'))[0]);
  }

  async function expectRefused(
    kind: Kind,
    name: string,
    spec: JsonObject,
    says: string | readonly string[] | undefined,
  ): Promise<void> {
    const { status, body } = await world.tryApply(kind, `refused-${name}`, spec);
    expect(status).toBeGreaterThanOrEqual(400);
    // Two wordings: of create and of server-side apply.
    expect(member(body, 'message')).toContain(typeof says === 'string' ? says : says?.[1]);
  }
});

/** What the API server takes. Of a wrapper, what is inside. */
const taskDefinitions = realFiles('task-definitions').flatMap(([name, spec]) => {
  if (REFUSED_TASK_DEFINITIONS[name] === undefined) return [[name, spec] as const];
  // The placeholders of templates are another thing, which the API server tells.
  const inside = spec.taskDefinition;
  if (!isObject(inside) || JSON.stringify(inside).includes('{{')) return [];
  // One of them is in the folder once more, without its wrapper.
  return [[`${name}-inside`, { ...inside, family: `${inside.family}-inside` }] as const];
});

const services = realFiles('services').filter(([name]) => {
  const refusal = REFUSED_SERVICES[name];
  return refusal === undefined || refusal === NO_TASK_DEFINITION;
});

function refused(folder: Folder): readonly (readonly [name: string, spec: JsonObject])[] {
  const table = folder === 'services' ? REFUSED_SERVICES : REFUSED_TASK_DEFINITIONS;
  return realFiles(folder).filter(([name]) => table[name] !== undefined);
}

/** Whether only AWS can tell what is wrong with it, and does. */
function isRefused(folder: Folder, name: string, object: Live): boolean {
  const words = REFUSED_BY_AWS[folder][name];
  const { reason, message } = conditionOf(object, 'Stalled') ?? {};
  if (words === undefined) expect({ reason, message }).toEqual({});
  else expect({ reason, message }).toEqual({ reason: 'Refused', message: expect.stringMatching(words) });
  return words !== undefined;
}

function objectName(name: string): string {
  return `real-${name}`;
}

function accountName({ accountId, region }: Home): string {
  return `of-${accountId}-${region}`;
}

/** As it looks in print: timestamps as text, nothing undefined. */
function plain(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
