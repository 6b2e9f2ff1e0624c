import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { SHOP, taskDefinition } from '../scenarios/objects.ts';
import { effort, TEST_MS } from './effort.ts';
import { OperatorWorld, type Spoil } from './operator-world.ts';
import { type Spoilt, spoilt, spoiltAnswers } from './spoil.ts';

const MINUTE = 60_000;
/** So long may it take until an object that AWS answered nonsense about is looked at again. */
const AFTERWARDS = 15 * MINUTE;

interface Lived {
  readonly world: OperatorWorld;
  /** What was taken out of AWS before anybody deleted anything. */
  readonly destroyedEarly: readonly string[];
  readonly created: OperatorWorld['state'];
  readonly changed: OperatorWorld['state'];
  readonly deleted: OperatorWorld['state'];
}

/** Everything is made, changed and deleted. */
async function live(spoil: Spoil): Promise<Lived> {
  const world = new OperatorWorld(spoil);
  world.start();
  await world.pass(1_000);
  await world.kube.create(...SHOP);
  await world.pass(AFTERWARDS);
  world.kube.expectAllReady();
  const created = world.state;
  await world.kube.patch('EcsTaskDefinition', 'api', { spec: taskDefinition('shop/api:2').spec ?? {} });
  await world.kube.patch('EcsService', 'api', { spec: { desiredCount: 3 } });
  await world.kube.patch('EcsCluster', 'shop', { spec: { tags: [{ key: 'team', value: 'other' }] } });
  await world.kube.patch('CloudMapNamespace', 'local', { spec: { description: 'the new shop' } });
  await world.kube.patch('CloudMapService', 'api', { spec: { dnsConfig: { dnsRecords: [{ type: 'A', ttl: 60 }] } } });
  await world.pass(AFTERWARDS);
  world.kube.expectAllReady();
  const changed = world.state;
  const destroyedEarly = [...world.destroyed];
  for (const { kind, metadata } of SHOP) await world.kube.delete(kind, metadata.name);
  await world.pass(AFTERWARDS);
  const deleted = world.state;
  await world.stop();
  return { world, destroyedEarly, created, changed, deleted };
}

const unspoilt = live((_, output) => output);

it('calls most of the operations that the operator knows, when everything is well', async () => {
  const { world } = await unspoilt;
  expect(world.accidents).toEqual([]);
  expect([...world.calls.keys()].length).toBeGreaterThan(20);
});

/** What the operations of the life above are; a test would otherwise spoil answers that nobody asks for. */
const OPERATIONS = [...(await unspoilt).world.calls.keys()].sort();

it(
  'takes no nonsense for the truth: whatever AWS answers, nothing is destroyed, doubled or given up',
  async () => {
    const wanted = await unspoilt;
    await fc.assert(
      fc.asyncProperty(fc.array(spoiltAnswers(OPERATIONS), { minLength: 1, maxLength: 3 }), async (all) => {
        const seen = new Map<string, number>();
        const lived = await live((operation, output) => {
          const nth = seen.get(operation) ?? 0;
          seen.set(operation, nth + 1);
          return all.filter((one) => isDue(one, operation, nth)).reduce(spoilt, output);
        });
        expect(lived.world.accidents).toEqual([]);
        expect(lived.destroyedEarly).toEqual(wanted.destroyedEarly);
        expect([lived.created, lived.changed, lived.deleted]).toEqual([wanted.created, wanted.changed, wanted.deleted]);
        expect(lived.world.kube.objects().map(({ kind }) => kind)).toEqual([]);
      }),
      effort(12),
    );
  },
  TEST_MS,
);

/** A call of each kind, and what its answer cannot do without. */
it.each([
  ['AwsAccount', 'sts.GetCallerIdentity', 'Account'],
  ['EcsCluster', 'ecs.CreateCluster', 'cluster'],
  ['EcsTaskDefinition', 'ecs.RegisterTaskDefinition', 'taskDefinition'],
  ['EcsService', 'ecs.CreateService', 'service'],
  ['CloudMapNamespace', 'servicediscovery.GetOperation', 'Operation'],
  ['CloudMapService', 'servicediscovery.CreateService', 'Service'],
])('%s says that an answer is none of AWS, and goes on when there is one', async (kind, operation, member) => {
  let wrong = true;
  const world = new OperatorWorld((called, output) =>
    wrong && called === operation ? { ...output, [member]: [5] } : output,
  );
  world.start();
  await world.pass(1_000);
  await world.kube.create(...SHOP);
  await world.pass(2 * MINUTE);
  const words = `${operation.split('.')[1]}: the answer from`;
  expect(world.told).toContainEqual(
    expect.stringMatching(new RegExp(`^${kind}: .*${words} .*${member} is a list, not`)),
  );
  expect(world.accidents).toEqual([]);
  wrong = false;
  await world.pass(AFTERWARDS);
  world.kube.expectAllReady();
  expect(world.state).toEqual((await unspoilt).created);
  expect(world.destroyed).toEqual([]);
  await world.stop();
});

function isDue({ operation, from, times }: Spoilt, called: string, nth: number): boolean {
  return operation === called && nth >= from && nth < from + times;
}
