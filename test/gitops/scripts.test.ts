import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { KIND_SCHEMAS } from '../../src/crd/kinds.ts';
import { member, text } from '../../src/devcluster/json.ts';
import { act, discover, healthOf } from './argo-vm.ts';
import { actionTestsOf, CUSTOMIZED, healthTestsOf, objectOf, textOf } from './customizations.ts';
import { LuaSandbox } from './lua-sandbox.ts';

let lua: LuaSandbox;
beforeAll(async () => {
  lua = await LuaSandbox.create();
});
afterAll(() => lua.close());

describe('Argo CD', () => {
  it('is told of every kind', () => {
    expect(CUSTOMIZED).toEqual(KIND_SCHEMAS.map(({ kind }) => kind).sort());
  });

  it('sees the health of every kind by the same rules', () => {
    const scripts = new Set(CUSTOMIZED.map((kind) => textOf(kind, 'health.lua')));
    expect(scripts.size).toBe(1);
  });

  it('can pause and resume every kind in the same way', () => {
    for (const action of ['pause', 'resume']) {
      expect(new Set(CUSTOMIZED.map((kind) => textOf(kind, `actions/${action}/action.lua`))).size, action).toBe(1);
    }
  });
});

describe.each(CUSTOMIZED)('%s', (kind) => {
  const tests = healthTestsOf(kind);

  it('is tried in every state that matters', () => {
    const statuses = new Set(tests.map(({ healthStatus }) => healthStatus.status));
    expect([...statuses].sort()).toEqual(['Degraded', 'Healthy', 'Progressing', 'Suspended']);
    const files = tests.map(({ inputPath }) => inputPath);
    for (const state of ['noStatus', 'earlierGeneration', 'deleting']) {
      expect(files).toContain(`testdata/progressing_${state}.yaml`);
    }
  });

  it.each(tests.map((one) => [one.inputPath, one] as const))('is shown as health_test.yaml says: %s', (_path, one) => {
    expect(healthOf(lua, kind, objectOf(kind, one.inputPath))).toEqual(one.healthStatus);
  });

  const { discoveryTests, actionTests } = actionTestsOf(kind);

  it.each(discoveryTests.map((one) => [one.inputPath, one] as const))(
    'offers the actions that action_test.yaml says: %s',
    (_path, { inputPath, result }) => {
      const byName = result.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      expect(discover(lua, kind, objectOf(kind, inputPath))).toEqual(byName);
    },
  );

  it('has a test for every action that it offers', () => {
    const offered = discover(lua, kind, objectOf(kind, 'testdata/healthy.yaml')).map(({ name }) => name);
    expect(actionTests.map(({ action }) => action).sort()).toEqual(offered);
  });

  it.each(actionTests.map((one) => [one.action, one] as const))(
    'is changed by %s as action_test.yaml says',
    (_n, one) => {
      const result = act(lua, { kind, action: one.action, obj: objectOf(kind, one.inputPath) });
      const expected = objectOf(kind, one.expectedOutputPath);
      const wanted = text(member(expected, 'spec', 'restartedAt'));
      const given = text(member(result, 'spec', 'restartedAt'));
      // The present time is not the one of the testdata.
      if (one.action === 'restart') expect(given).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
      expect(JSON.parse(JSON.stringify(result).replaceAll(String(given), String(wanted)))).toEqual(expected);
    },
  );
});

describe('the part of argocd-cm', () => {
  it('holds the scripts as they stand beside it', () => {
    const config: unknown = parse(textOf('../..', 'argocd-cm.yaml'));
    const keys = Object.keys(member(config, 'data') ?? {});
    expect(keys).toHaveLength(2 * CUSTOMIZED.length);
    for (const kind of CUSTOMIZED) {
      const under = (what: string) =>
        text(member(config, 'data', `resource.customizations.${what}.ecs-operator.dev_${kind}`));
      expect(under('health')).toBe(textOf(kind, 'health.lua'));
      const actions: unknown = parse(under('actions') ?? '');
      expect(member(actions, 'discovery.lua')).toBe(textOf(kind, 'actions/discovery.lua'));
      // Safe: argocd-cm's form, as Argo CD's documentation of resource actions shows it.
      for (const { name, 'action.lua': script } of member(actions, 'definitions') as {
        name: string;
        'action.lua': string;
      }[]) {
        expect(script).toBe(textOf(kind, `actions/${name}/action.lua`));
      }
    }
  });
});
