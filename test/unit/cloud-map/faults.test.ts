import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CloudMapNamespaceSpec } from '../../../src/kinds/cloud-map-namespace/schema.ts';
import type { CloudMapServiceSpec } from '../../../src/kinds/cloud-map-service/schema.ts';
import type { Fault } from '../reconcile/one-object.ts';
import { CloudMapWorld, oneNamespace, oneService } from './scenes.ts';

interface Step {
  readonly description: string | undefined;
  readonly ttl: number;
  readonly team: string | undefined;
  readonly faults: readonly Fault[];
  readonly restart: boolean;
  /** Seconds that AWS goes on without us before it is looked at again. */
  readonly pause: number;
}

const steps = fc.array(
  fc.record<Step>({
    description: fc.constantFrom(undefined, 'a', 'b'),
    ttl: fc.constantFrom(10, 60),
    team: fc.constantFrom(undefined, 'a', 'b'),
    faults: fc.array(fc.constantFrom<Fault>('before', 'after', undefined), { maxLength: 5 }),
    restart: fc.boolean(),
    pause: fc.constantFrom(0, 3, 60),
  }),
  { minLength: 1, maxLength: 4 },
);
const ending = fc.record({
  faults: fc.array(fc.constantFrom<Fault>('before', 'after', undefined), { maxLength: 5 }),
  early: fc.boolean(),
});

function common({ description, team }: Step) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(team === undefined ? {} : { tags: [{ key: 'team', value: team }] }),
  };
}

function namespaceSpec(step: Step): CloudMapNamespaceSpec {
  const properties = { dnsProperties: { soa: { ttl: step.ttl } } };
  return { type: 'DNS_PRIVATE', name: 'shop.local', vpc: 'vpc-1', properties, ...common(step) };
}

function serviceSpec(step: Step, namespaceId: string): CloudMapServiceSpec {
  return { namespaceId, dnsConfig: { dnsRecords: [{ type: 'A', ttl: step.ttl }] }, ...common(step) };
}

/** An object of either kind. */
interface Driven<Spec> {
  fault: ((operation: string) => Fault) | undefined;
  readonly gone: boolean;
  readonly kept: { readonly object: unknown; readonly writes: number };
  apply(spec: Spec): void;
  delete(): void;
  restart(): void;
  forget(): void;
  wrote(): string[];
  condition(type: string): object | undefined;
  reconcile(): Promise<unknown>;
  converge(): Promise<void>;
}

/** Applies each step under its faults; at the end of each, all is as asked. Then it is deleted under faults. */
async function live<Spec>(
  world: CloudMapWorld,
  object: Driven<Spec>,
  plan: { steps: readonly Step[]; ending: { faults: readonly Fault[]; early: boolean }; spec: (step: Step) => Spec },
  check: (step: Step) => void,
): Promise<void> {
  const under = (faults: readonly Fault[]) => {
    const left = [...faults];
    object.fault = () => left.shift();
  };
  for (const step of plan.steps) {
    under(step.faults);
    object.apply(plan.spec(step));
    await object.reconcile();
    if (step.restart) object.restart();
    world.clock.advance(step.pause * 1000);
    if (plan.ending.early && step === plan.steps.at(-1)) break;
    await object.converge();
    expect(object.condition('Ready'), JSON.stringify(object.kept.object)).toMatchObject({ status: 'True' });
    check(step);
    object.forget();
    object.restart();
    world.clock.advance(600_000);
    await object.converge();
    expect([...object.wrote(), object.kept.writes]).toEqual([0]);
  }
  under(plan.ending.faults);
  object.delete();
  await object.reconcile();
  object.restart();
  await object.converge();
  world.clock.advance(600_000);
  expect(object.gone).toBe(true);
}

test('whatever call fails before or after its effect, and whenever the operator dies, there is one namespace as asked, and none after its deletion', async () => {
  await fc.assert(
    fc.asyncProperty(steps, ending, async (all, end) => {
      const world = new CloudMapWorld();
      await live(world, oneNamespace(world), { steps: all, ending: end, spec: namespaceSpec }, (step) => {
        expect(world.namespaces()).toHaveLength(1);
        const [found] = world.namespaces();
        expect(found.Description).toBe(step.description);
        expect(found.Properties.DnsProperties.SOA.TTL).toBe(step.ttl);
        expect(world.tags(found.Arn).team).toBe(step.team);
      });
      expect(world.namespaces()).toEqual([]);
    }),
    { numRuns: 150, seed: 1 },
  );
});

test('whatever call fails before or after its effect, and whenever the operator dies, there is one service as asked, and none after its deletion', async () => {
  await fc.assert(
    fc.asyncProperty(steps, ending, async (all, end) => {
      const world = new CloudMapWorld();
      const namespaceId = world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-1' });
      const spec = (step: Step) => serviceSpec(step, namespaceId);
      await live(world, oneService(world), { steps: all, ending: end, spec }, (step) => {
        expect(world.services()).toHaveLength(1);
        const [found] = world.services();
        expect(found.Description).toBe(step.description);
        expect(found.DnsConfig.DnsRecords).toEqual([{ Type: 'A', TTL: step.ttl }]);
        expect(world.tags(found.Arn).team).toBe(step.team);
      });
      expect(world.services()).toEqual([]);
    }),
    { numRuns: 150, seed: 1 },
  );
});
