import * as fc from 'fast-check';
import type { KindSchema } from '../../../../src/kinds/schema/kind-schema.ts';
import { type Json, type JsonObject, objectAt } from '../json.ts';
import { Normaliser } from './normalise.ts';
import type { ConformanceTarget } from './target.ts';
import { WIDGETS } from './widgets.ts';
import { type Answer, type Collection, type ResourceName, SERVICES, typeOf, uidOf, Wire } from './wire.ts';

/** One request of a random sequence. Reads before it, where it needs the object as it is. */
type Step =
  | { readonly do: 'create'; readonly spec: JsonObject; readonly finalizers: readonly string[] }
  | { readonly do: 'put'; readonly spec: JsonObject; readonly manager: string; readonly stale: boolean }
  | { readonly do: 'patch'; readonly spec: Json; readonly labels: JsonObject | null; readonly manager: string }
  | { readonly do: 'apply'; readonly spec: JsonObject; readonly manager: string; readonly force: boolean }
  | { readonly do: 'apply status'; readonly status: JsonObject; readonly manager: string; readonly force: boolean }
  | { readonly do: 'patch status'; readonly status: Json; readonly manager: string }
  | { readonly do: 'finalizers'; readonly finalizers: readonly string[] }
  | { readonly do: 'delete'; readonly uid: 'right' | 'wrong' | undefined };

/** A sequence of requests about objects of one type. */
export interface Sequence {
  readonly type: ResourceName;
  readonly steps: readonly { readonly name: string; readonly step: Step }[];
}

const manager = fc.constantFrom('a', 'b');
const few = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const some = (members: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<JsonObject> =>
  fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;

const port = fc.record(
  { port: few(80, 81, 0), protocol: few('TCP', 'UDP', null), note: few('x', 'y') },
  { requiredKeys: ['port'] },
) as fc.Arbitrary<JsonObject>;
const widgetSpec = some({
  size: few<Json>(1, 2, null, 'x'),
  mode: few<Json>('fast', 'slow', 'wild', null),
  zones: fc.array(few('a', 'b', 'c'), { maxLength: 3 }),
  ports: fc.array(port, { maxLength: 3 }),
  args: fc.array(few('x', 'y'), { maxLength: 2 }),
  labels: fc.dictionary(few('a', 'b', 'c', 'd'), few('1', '2')),
  point: few<Json>({ x: 1 }, { x: 1, y: 2 }, {}, null),
  nested: few<Json>({}, { on: false }, { inner: { name: 'n' } }, { inner: {} }, null),
  any: few<Json>({ known: 'k' }, { free: { a: 1 } }, { free: { b: [1] } }, { free: 'text' }, {}),
  amount: few<Json>(1, '1', null),
  fixed: few<Json>('f', 'g', null),
  bogus: few<Json>(1),
});
const serviceSpec = some({
  taskDefinition: few<Json>('web:1', 'web:2', null),
  desiredCount: few<Json>(1, 2, -1, '1', null),
  launchType: few<Json>('EC2', 'FARGATE', '', null),
  tags: fc.array(some({ key: few('a', 'b', 'aws:x'), value: few('1', '2') }), { maxLength: 3 }),
  networkConfiguration: few<Json>({ awsvpcConfiguration: { subnets: ['s'] } }, {}, null),
  healthCheckGracePeriodSeconds: few<Json>(5, '5', 'x', null),
  deploymentConfiguration: few<Json>({ maximumPercent: 200 }, { maximumPercent: '150', minimumHealthyPercent: 50 }, {}),
});
const condition = some({
  type: few('Ready', 'Stalled'),
  status: few('True', 'False'),
  reason: few('R'),
  message: few(''),
});
const status = some({
  phase: few<Json>('p', 'q', null),
  ready: few<Json>(true, false),
  name: few<Json>('n', 'm'),
  conditions: fc.array(condition, { maxLength: 2 }),
});
const finalizers = few<readonly string[]>([], ['test.dev/a'], ['test.dev/a', 'test.dev/b']);

function step(spec: fc.Arbitrary<JsonObject>): fc.Arbitrary<Step> {
  const labels = fc.option(fc.dictionary(few('l', 'm'), few<Json>('1', '2', null)) as fc.Arbitrary<JsonObject>);
  const one = <Kind extends Step['do']>(kind: Kind, rest: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Step> =>
    // Safe: each call below gives the members of its kind.
    fc.record({ do: fc.constant(kind), ...rest }) as unknown as fc.Arbitrary<Step>;
  return fc.oneof(
    { weight: 3, arbitrary: one('create', { spec, finalizers }) },
    { weight: 2, arbitrary: one('put', { spec, manager, stale: fc.boolean() }) },
    { weight: 3, arbitrary: one('patch', { spec: fc.option(spec), labels, manager }) },
    { weight: 6, arbitrary: one('apply', { spec, manager, force: fc.boolean() }) },
    { weight: 3, arbitrary: one('apply status', { status, manager, force: fc.boolean() }) },
    { weight: 1, arbitrary: one('patch status', { status: fc.option(status), manager }) },
    { weight: 1, arbitrary: one('finalizers', { finalizers }) },
    { weight: 1, arbitrary: one('delete', { uid: few('right', 'wrong', undefined) }) },
  );
}

function steps(spec: fc.Arbitrary<JsonObject>): fc.Arbitrary<Sequence['steps']> {
  const named = fc.record({ name: few('one', 'two'), step: step(spec) });
  return fc.array(named, { minLength: 4, maxLength: 16 });
}

/** Random requests about two objects of a type with everything that schemas can say, or of services. */
export const sequences: fc.Arbitrary<Sequence> = fc.oneof(
  fc.record({ type: fc.constant(WIDGETS), steps: steps(widgetSpec) }),
  fc.record({ type: fc.constant(SERVICES), steps: steps(serviceSpec) }),
);

/** The same about two objects of a kind, with specs that its rules tell apart. */
export function sequencesOf(kind: KindSchema, specs: fc.Arbitrary<JsonObject>): fc.Arbitrary<Sequence> {
  return fc.record({ type: fc.constant(typeOf(kind)), steps: steps(specs) });
}

/** Runs a sequence in a namespace of its own. @returns all answers, and what is there in the end, comparable. */
export async function run(target: ConformanceTarget, sequence: Sequence): Promise<readonly Json[]> {
  const wire = new Wire(target);
  const namespace = await wire.namespace('random');
  const objects = wire.collection(sequence.type, namespace);
  const normaliser = new Normaliser();
  const plain = (value: Json): Json => JSON.parse(JSON.stringify(value).replaceAll(namespace, 'NAMESPACE')) as Json;
  const told: Json[] = [];
  for (const { name, step: next } of sequence.steps) {
    told.push(plain([next.do, normaliser.answer(await send(objects, name, next))]));
  }
  for (const name of ['one', 'two']) told.push(plain(normaliser.answer(await objects.get(name))));
  for (const name of ['one', 'two']) await objects.patch(name, { metadata: { finalizers: null } });
  await wire.send('DELETE', `/api/v1/namespaces/${namespace}`);
  return told;
}

async function send(objects: Collection, name: string, step: Step): Promise<Answer> {
  switch (step.do) {
    case 'create':
      return objects.create(objects.object(name, { spec: step.spec }, { finalizers: step.finalizers }));
    case 'put': {
      const { code, body } = await objects.get(name);
      const live = code === 200 ? body : objects.object(name, {}, { resourceVersion: '1' });
      const version = step.stale ? { resourceVersion: '1' } : {};
      const metadata = { ...objectAt(live, 'metadata'), ...version };
      return objects.put(name, { ...live, metadata, spec: step.spec }, { fieldManager: step.manager });
    }
    case 'patch': {
      const labels = step.labels === null ? {} : { metadata: { labels: step.labels } };
      const spec = step.spec === null ? {} : { spec: step.spec };
      return objects.patch(name, { ...spec, ...labels }, { fieldManager: step.manager });
    }
    case 'apply':
      return objects.apply(name, { spec: step.spec }, { fieldManager: step.manager, force: step.force });
    case 'apply status': {
      const query = { subresource: 'status', fieldManager: step.manager, force: step.force };
      return objects.apply(name, { status: step.status }, query);
    }
    case 'patch status':
      return objects.patch(name, { status: step.status }, { subresource: 'status', fieldManager: step.manager });
    case 'finalizers':
      return objects.patch(name, { metadata: { finalizers: step.finalizers } });
    case 'delete': {
      if (step.uid === undefined) return objects.delete(name);
      const { body } = await objects.get(name);
      const uid = step.uid === 'right' ? uidOf(body) : 'wrong';
      return objects.delete(name, { preconditions: uid === '' ? {} : { uid } });
    }
    default:
      return step satisfies never;
  }
}
