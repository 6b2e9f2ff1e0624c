import { beforeAll, describe, expect, it } from 'vitest';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { isTransition, violations } from '../../../src/crd/violations.ts';
import type { KindSchema, Rule } from '../../../src/kinds/schema/kind-schema.ts';
import type { JsonObject } from '../../../src/shape/shape.ts';
import { sharedControlPlane, uniqueName, uniqueNamespace } from '../../harness/control-plane.ts';
import { KindApi, VERBS } from './api.ts';
import { RULE_CASES } from './cases/index.ts';
import type { RuleCase } from './cases/rule-case.ts';

const cluster = sharedControlPlane();
let namespace: string;
beforeAll(async () => {
  namespace = await uniqueNamespace(cluster);
});

describe.each(KIND_SCHEMAS.map((kind) => [kind.kind, kind] as const))('%s', (name, kind) => {
  const cases = RULE_CASES[name] ?? [];
  const api = () => new KindApi({ cluster, kind, namespace });

  it('has a case for every rule, accepted and refused', () => {
    const untried = kind.rules.filter(
      (rule) =>
        !cases.some((one) => one.rule === rule.id) ||
        !cases.some((one) => one.rule === rule.id && one.refused.length > 0),
    );
    expect(untried.map((rule) => rule.id)).toEqual([]);
    expect(cases.map((one) => one.rule).filter((id) => !kind.rules.some((rule) => rule.id === id))).toEqual([]);
  });

  it('has no two rules with one name', () => {
    const ids = kind.rules.map((rule) => `${rule.at} ${rule.id}`);
    expect(ids).toEqual([...new Set(ids)]);
  });

  describe.each(cases.map((one) => [one.rule, one.because, one] as const))('%s: %s', (_rule, _because, one) => {
    const rule = ruleOf(kind, one);
    if (one.before === undefined) aboutState(kind, rule, one, api);
    else aboutChange(kind, rule, one, api);
  });
});

/** The template's rules have the ids of a task definition's: a case is about the one that stands where it speaks. */
function ruleOf(kind: KindSchema, one: RuleCase): Rule {
  const found = kind.rules.filter((rule) => rule.id === one.rule);
  const [sample] = [...one.refused, ...one.accepted];
  const inTemplate = sample !== undefined && 'taskDefinitionTemplate' in sample && one.before === undefined;
  const rule = found.find((candidate) => candidate.at.endsWith('taskDefinitionTemplate') === inTemplate) ?? found[0];
  if (rule === undefined) throw new Error(`${kind.kind} has no rule ${one.rule}`);
  return rule;
}

function aboutState(kind: KindSchema, rule: Rule, one: RuleCase, api: () => KindApi): void {
  it.each(VERBS)('lets through what AWS takes, by %s', async (verb) => {
    for (const [index, spec] of one.accepted.entries()) {
      const name = one.names?.accepted[index] ?? uniqueName();
      expect(await api().tryNew(verb, spec, name), JSON.stringify(spec)).toMatchObject({ accepted: true });
      expect(violations(kind, api().object(name, spec)), JSON.stringify(spec)).toEqual([]);
    }
  });

  it.each(VERBS)('refuses the rest and says what to do, by %s', async (verb) => {
    for (const [index, spec] of one.refused.entries()) {
      const name = one.names?.refused[index] ?? uniqueName();
      const answer = await api().tryNew(verb, spec, name);
      expect(answer.message, JSON.stringify(spec)).toContain(rule.message);
      expect(ids(kind, api().object(name, spec)), JSON.stringify(spec)).toContain(rule.id);
    }
  });

  // The name of an object cannot change.
  if (one.names !== undefined) return;
  it('refuses the rest in a later apply, client-side and server-side', async () => {
    const [first] = one.accepted;
    if (first === undefined) return;
    const name = uniqueName();
    expect(await api().make(name, first)).toMatchObject({ accepted: true });
    for (const spec of one.refused.filter((refused) => Object.keys(refused).length > 0)) {
      expect((await api().mergePatch(name, first, spec)).message, JSON.stringify(spec)).toContain(rule.message);
      expect((await api().apply(name, spec, { dryRun: true })).message, JSON.stringify(spec)).toContain(rule.message);
    }
    await api().remove(name);
  });
}

function aboutChange(kind: KindSchema, rule: Rule, one: RuleCase, api: () => KindApi): void {
  const before = one.before ?? {};

  it('is asked about changes only', () => expect(isTransition(rule)).toBe(true));

  it('lets through and refuses changes, by replace, client-side and server-side apply', async () => {
    const name = uniqueName();
    expect(await api().make(name, before)).toMatchObject({ accepted: true });
    const old = api().object(name, before);
    for (const spec of one.accepted) {
      const answers = await everyWay(api(), name, before, spec);
      for (const answer of answers) expect(answer, JSON.stringify(spec)).toMatchObject({ accepted: true });
      expect(violations(kind, api().object(name, spec), old)).toEqual([]);
    }
    for (const spec of one.refused) {
      const answers = await everyWay(api(), name, before, spec);
      for (const answer of answers) expect(answer.message, JSON.stringify(spec)).toContain(rule.message);
      expect(ids(kind, api().object(name, spec), old)).toContain(rule.id);
    }
    await api().remove(name);
  });
}

async function everyWay(api: KindApi, name: string, before: JsonObject, spec: JsonObject) {
  return [
    await api.put(name, spec),
    await api.mergePatch(name, before, spec),
    await api.apply(name, spec, { dryRun: true }),
  ];
}

function ids(kind: KindSchema, object: JsonObject, old?: JsonObject): readonly string[] {
  return violations(kind, object, old).map((violation) => violation.id);
}
