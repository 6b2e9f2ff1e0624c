import type { KindSchema } from '../../../../src/kinds/schema/kind-schema.ts';
import type { RuleCase } from '../../../integration/crd/cases/rule-case.ts';
import type { Json, JsonObject } from '../json.ts';
import { Normaliser } from './normalise.ts';
import type { ConformanceTarget } from './target.ts';
import { type Answer, type Collection, typeOf, Wire } from './wire.ts';

/**
 * Sends what the cases of a kind's rules accept and refuse: as new objects and as changes.
 * @returns all answers, comparable.
 */
export async function tryCases(
  target: ConformanceTarget,
  kind: KindSchema,
  cases: readonly RuleCase[],
): Promise<readonly Json[]> {
  const wire = new Wire(target);
  const namespace = await wire.namespace('cases');
  const all = wire.collection(typeOf(kind), kind.scope === 'Cluster' ? undefined : namespace);
  const normaliser = new Normaliser();
  const told: Json[] = [];
  for (const [index, one] of cases.entries()) {
    for (const answer of await tryCase(all, one, `case-${index}-${namespace}`)) {
      const plain = JSON.stringify(normaliser.answer(answer)).replaceAll(namespace, 'NAMESPACE');
      told.push([one.rule, one.because, JSON.parse(plain) as Json]);
    }
  }
  await wire.send('DELETE', `/api/v1/namespaces/${namespace}`);
  return told;
}

async function tryCase(all: Collection, one: RuleCase, name: string): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const named = (part: 'accepted' | 'refused', index: number) => one.names?.[part][index] ?? name;
  for (const part of ['accepted', 'refused'] as const) {
    for (const [index, spec] of one[part].entries()) {
      const object = all.object(named(part, index), { spec });
      answers.push(await all.create(object, { dryRun: 'All', fieldValidation: 'Strict' }));
    }
  }
  const first = one.before ?? one.accepted[0];
  if (one.names !== undefined || first === undefined) return answers;
  const made = await all.create(all.object(name, { spec: first }));
  answers.push(made);
  for (const spec of [...one.accepted, ...one.refused]) answers.push(...(await tryChange(all, name, made.body, spec)));
  answers.push(await all.delete(name));
  return answers;
}

/** The ways in which people change an object. */
async function tryChange(
  all: Collection,
  name: string,
  made: JsonObject,
  spec: JsonObject,
): Promise<readonly Answer[]> {
  return [
    await all.put(name, { ...made, spec }, { dryRun: 'All' }),
    await all.patch(name, { spec }, { dryRun: 'All' }),
    await all.apply(name, { spec }, { dryRun: 'All', force: true, fieldManager: 'kubectl' }),
  ];
}
