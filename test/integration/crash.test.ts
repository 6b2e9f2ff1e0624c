import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { elements, member } from '../../src/devcluster/json.ts';
import type { CallRecord } from '../../src/fake-aws/faults/calls.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { type OperatorProcess, startOperatorProcess } from '../harness/process.ts';
import { fargateService, fargateTask, World, waitFor } from '../harness/world.ts';

/** `CRASH_SEED=… vitest run crash` tries the same moments again. */
const SEED = Number(process.env.CRASH_SEED ?? randomInt(1_000_000));
const SERVICES = 50;
const CRASHES = 5;
/** What it takes to make everything: three writes each, a cluster and a namespace. */
const WRITES = 3 * SERVICES + 2;
const ARGS = ['--aws-rate-scale=0', '--resync=2s', '--log-level=warn'];

function isWrite({ operation }: CallRecord): boolean {
  return !/^(Describe|List|Get|Discover|AssumeRole)/.test(operation);
}

/** An operator that is started again whenever it dies. */
class Supervised implements AsyncDisposable {
  readonly #world: World;
  #process: OperatorProcess | undefined;
  #loop: Promise<void> | undefined;
  #stopped = false;
  #dying = false;
  deaths = 0;

  constructor(world: World) {
    this.#world = world;
  }

  start(): void {
    this.#loop = this.#keepRunning();
  }

  /** `kill -9`, now. @returns false when it is dying of the last one: calls may be left that it had sent. */
  crash(): boolean {
    if (this.#dying || this.#process === undefined) return false;
    this.#dying = true;
    this.#process.signal('SIGKILL');
    return true;
  }

  async #keepRunning(): Promise<void> {
    while (!this.#stopped) {
      this.#process = await startOperatorProcess(this.#world, { args: ARGS });
      this.#dying = false;
      const code = await this.#process.exited;
      if (this.#stopped) return;
      if (code !== 137) throw new Error(`the operator ended by itself with ${code}:\n${this.#process.output()}`);
      this.deaths++;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#process?.[Symbol.asyncDispose]();
    await this.#loop;
  }
}

/** Random, ascending, at least ten writes before the end. */
function moments(seed: number): readonly number[] {
  const random = seededRandom(seed);
  const chosen = new Set<number>();
  while (chosen.size < CRASHES) chosen.add(1 + Math.floor(random.next() * (WRITES - 10)));
  return [...chosen].sort((a, b) => a - b);
}

const tags = (n: number) => ({ tags: [{ key: 'n', value: String(n) }] });
const all = Array.from({ length: SERVICES }, (_, n) => n);

async function applyServices(world: World): Promise<void> {
  await world.apply('EcsCluster', 'main', {});
  await world.apply('CloudMapNamespace', 'local', { type: 'HTTP', name: 'local' });
  for (const n of all) {
    await Promise.all([
      world.apply('CloudMapService', `app-${n}`, { namespaceRef: { name: 'local' } }),
      world.apply('EcsTaskDefinition', `app-${n}`, fargateTask(`app:${n}`, tags(n))),
      world.apply(
        'EcsService',
        `app-${n}`,
        fargateService(`app-${n}`, {
          ...tags(n),
          serviceRegistries: [{ cloudMapServiceRef: { name: `app-${n}` } }],
        }),
      ),
    ]);
  }
}

/** All that AWS holds, counted as a person would. */
function holdings(world: World) {
  const listAll = (service: 'ecs' | 'servicediscovery', operation: string, member_: string, input: object = {}) => {
    const found: unknown[] = [];
    const token = service === 'ecs' ? 'nextToken' : 'NextToken';
    let next: unknown;
    do {
      const page = world.aws(service, operation, { ...input, ...(next === undefined ? {} : { [token]: next }) });
      found.push(...elements(page[member_]));
      next = page[token];
    } while (next !== undefined);
    return found;
  };
  const clusters = listAll('ecs', 'ListClusters', 'clusterArns');
  return {
    clusters,
    services: clusters.length === 0 ? [] : listAll('ecs', 'ListServices', 'serviceArns', { cluster: 'main' }),
    active: listAll('ecs', 'ListTaskDefinitions', 'taskDefinitionArns', { status: 'ACTIVE' }),
    inactive: listAll('ecs', 'ListTaskDefinitions', 'taskDefinitionArns', { status: 'INACTIVE' }),
    namespaces: listAll('servicediscovery', 'ListNamespaces', 'Namespaces'),
    discovery: listAll('servicediscovery', 'ListServices', 'Services'),
  };
}

const nameOf = (arn: unknown) => String(arn).slice(String(arn).lastIndexOf('/') + 1);

test('killed five times at random while it makes 50 services, it makes each of them, its task definition and its Cloud Map service once', async () => {
  const due = [...moments(SEED)];
  console.log(`CRASH_SEED=${SEED}: killed after ${due.join(', ')} of ${WRITES} writes`);
  let writes = 0;
  let crash = () => false;
  await using world = await World.start({
    operator: false,
    fake: {
      throttle: false,
      // Called after the effect and before the answer.
      onCall: (call) => {
        if (isWrite(call) && ++writes >= (due[0] ?? Number.POSITIVE_INFINITY) && crash()) due.shift();
      },
    },
  });
  await applyServices(world);
  await using operator = new Supervised(world);
  crash = () => operator.crash();
  operator.start();

  for (const n of all) await world.ready('EcsService', `app-${n}`, 200_000);
  for (const n of all) await world.ready('EcsTaskDefinition', `app-${n}`);
  for (const n of all) await world.ready('CloudMapService', `app-${n}`);
  expect(operator.deaths).toBe(CRASHES);

  const held = holdings(world);
  const names = all.map((n) => `app-${n}`).sort();
  expect(held.services.map(nameOf).sort()).toEqual(names);
  expect(held.active.map(nameOf).sort()).toEqual(names.map((name) => `${name}:1`).sort());
  expect(held.inactive).toEqual([]);
  expect(held.discovery.map((one) => member(one, 'Name')).sort()).toEqual(names);
  expect(held.clusters).toHaveLength(1);
  expect(held.namespaces).toHaveLength(1);
  // Created once each: an attempt whose answer was lost is found, or repeated under its token.
  for (const name of names) expect(world.service('main', name)).toMatchObject({ status: 'ACTIVE', runningCount: 1 });

  const since = world.mark();
  await waitFor(() => looksAt(world, since), {
    describe: 'every service is looked at twice more',
    until: (looks) => looks.length === SERVICES && looks.every((count) => count >= 2),
  });
  expect(world.writes(since)).toEqual([]);
}, 360_000);

/** How often each service was described since a call. */
function looksAt(world: World, since: number): readonly number[] {
  const looks = new Map<unknown, number>();
  for (const { input } of world.calls('DescribeServices', since)) {
    for (const name of elements(member(input, 'services'))) looks.set(name, (looks.get(name) ?? 0) + 1);
  }
  return [...looks.values()];
}

/** Everything that changes AWS in the life of one service with all that belongs to it. */
const LIFE = [
  'CreateCluster',
  'CreateHttpNamespace',
  'servicediscovery CreateService',
  'RegisterTaskDefinition',
  'ecs CreateService',
  'UpdateCluster',
  'UpdateHttpNamespace',
  'servicediscovery UpdateService',
  'ecs UpdateService',
  'ecs TagResource',
  'ecs UntagResource',
  'servicediscovery TagResource',
  'servicediscovery UntagResource',
  'ecs DeleteService',
  'DeregisterTaskDefinition',
  'servicediscovery DeleteService',
  'DeleteNamespace',
  'DeleteCluster',
] as const;

test('killed between the effect and the answer of every call in the life of a service, it does nothing twice and leaves nothing behind', async () => {
  const left = new Set<string>(LIFE);
  let crash = () => false;
  await using world = await World.start({
    operator: false,
    fake: {
      throttle: false,
      onCall: ({ service, operation, effective }) => {
        if (effective && (left.delete(operation) || left.delete(`${service} ${operation}`))) crash();
      },
    },
  });
  // No answer gets out before the kill does.
  for (const name of LIFE) {
    const [operation = '', service] = name.split(' ').reverse();
    world.fake.faults.add({ kind: 'lose', operation, nth: 1, ...(service === undefined ? {} : { service }) });
  }
  await using operator = new Supervised(world);
  crash = () => operator.crash();
  operator.start();

  const version = async (n: number) => {
    const tag = n === 1 ? [{ key: 'old', value: '1' }] : [{ key: 'new', value: '2' }];
    await world.apply('EcsCluster', 'main', {
      settings: [{ name: 'containerInsights', value: n === 1 ? 'enabled' : 'disabled' }],
      tags: tag,
    });
    await world.apply('CloudMapNamespace', 'local', {
      type: 'HTTP',
      name: 'local',
      description: `version ${n}`,
      tags: tag,
    });
    await world.apply('CloudMapService', 'web', {
      namespaceRef: { name: 'local' },
      description: `version ${n}`,
      tags: tag,
    });
    await world.apply('EcsTaskDefinition', 'web', fargateTask(`app:${n}`, { revisionHistoryLimit: 1, tags: tag }));
    await world.apply(
      'EcsService',
      'web',
      fargateService('web', { tags: tag, serviceRegistries: [{ cloudMapServiceRef: { name: 'web' } }] }),
    );
  };
  const kinds = ['EcsCluster', 'CloudMapNamespace', 'CloudMapService', 'EcsTaskDefinition', 'EcsService'] as const;
  const nameOfKind = (kind: (typeof kinds)[number]) =>
    kind === 'EcsCluster' ? 'main' : kind === 'CloudMapNamespace' ? 'local' : 'web';

  for (const n of [1, 2]) {
    await version(n);
    for (const kind of kinds) await world.ready(kind, nameOfKind(kind), 90_000);
  }
  await waitFor(() => holdings(world).inactive, {
    describe: 'the first revision is deregistered',
    until: (arns) => arns.length > 0,
  });
  const held = holdings(world);
  expect(held.services.map(nameOf)).toEqual(['web']);
  expect(held.active.map(nameOf)).toEqual(['web:2']);
  expect(held.inactive.map(nameOf)).toEqual(['web:1']);
  expect(held.namespaces).toHaveLength(1);
  expect(held.discovery).toMatchObject([{ Name: 'web', Description: 'version 2' }]);
  const { serviceDeployments } = world.aws('ecs', 'ListServiceDeployments', { cluster: 'main', service: 'web' });
  expect(serviceDeployments).toHaveLength(2);

  for (const kind of kinds) await world.delete(kind, nameOfKind(kind));
  for (const kind of kinds) await world.gone(kind, nameOfKind(kind), 120_000);
  expect([...left]).toEqual([]);
  // Fewer than calls: one death cuts off all that is in flight.
  expect(operator.deaths).toBeGreaterThan(LIFE.length / 2);
  const nothing = { clusters: [], services: [], active: [], discovery: [], namespaces: [] };
  expect(holdings(world)).toMatchObject(nothing);
}, 360_000);
