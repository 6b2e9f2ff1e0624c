import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CODES } from '../../src/aws/error-codes.ts';
import { KIND_SCHEMAS } from '../../src/crd/kinds.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { CHART } from './helm.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const file = (name: string): string => readFileSync(join(CHART, 'files', name), 'utf8');
const groups: readonly { readonly rules: readonly Rule[] }[] = parse(file('alerts.yaml')).groups;
const rules = groups.flatMap((group) => group.rules);
const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(file('dashboard.json'));
const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Metrics and the labels that each is asked for. */
const selectors = (expr: string): readonly (readonly [metric: string, labels: readonly string[]])[] =>
  [
    ...expr.matchAll(
      /\b((?:ecs_operator|controller_runtime|workqueue|rest_client|leader_election|process|nodejs)_\w+)(\{[^}]*\})?/g,
    ),
  ].map(([, metric = '', braces = '']) => [
    metric,
    [...braces.matchAll(/(\w+)(?:=|!)/g)].map(([, label = '']) => label),
  ]);

async function known(): Promise<ReadonlySet<string>> {
  const text = await new Metrics({ conditionLimit: 1, version: '0' }).text();
  const names = [...text.matchAll(/^# TYPE (\S+) (\w+)/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return new Set(names);
}

describe('the alerts and the dashboard', () => {
  it('ask for metrics and labels that the operator has', async () => {
    const metrics = await known();
    const page = readFileSync(join(CHART, '../../docs/metrics.md'), 'utf8');
    const asked = [...rules.map(({ expr }) => expr), ...queries].flatMap(selectors);
    expect(asked.length).toBeGreaterThan(40);
    for (const [metric, labels] of asked) {
      expect([...metrics], metric).toContain(metric);
      if (labels.length === 0) continue;
      const row = page
        .split('\n')
        .find((line) => line.startsWith(`| \`${metric.replace(/_(bucket|sum|count)$/, '')}\``));
      for (const label of labels) expect(row, `${metric}: ${label}`).toContain(`\`${label}\``);
    }
  });

  it('count every kind as ours, also those of tomorrow', () => {
    const [, pattern = ''] = /controller=~"([^"]*)"/.exec(file('alerts.yaml')) ?? [];
    for (const { kind } of KIND_SCHEMAS) expect(kind.toLowerCase()).toMatch(new RegExp(`^(${pattern})$`));
  });
});

describe('the alerts', () => {
  it('each have a severity, a summary and a runbook, and no runbook is without its alert', () => {
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity, alert).toMatch(/^(info|warning|critical)$/);
      expect(annotations.summary.length, alert).toBeGreaterThan(10);
      expect(annotations.description.length, alert).toBeGreaterThan(20);
    }
    const page = readFileSync(join(CHART, '../../docs/alerts.md'), 'utf8');
    const runbooks = [...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(rules.map(({ alert }) => alert).sort()).toEqual(runbooks.sort());
  });

  it.each([
    ['EcsOperatorAwsThrottled', 'Throttled'],
    ['EcsOperatorAwsFailing', 'Transient'],
  ] as const)('%s counts what the operator takes for %s, and nothing else of AWS', (alert, kind) => {
    const [, pattern = ''] = /code=~"([^"]*)"/.exec(rules.find((rule) => rule.alert === alert)?.expr ?? '') ?? [];
    const counted = [...CODES].filter(([code]) => new RegExp(`^(${pattern})$`).test(code));
    expect(counted.length).toBeGreaterThan(4);
    for (const [code, meaning] of counted) expect(meaning.kind, code).toBe(kind);
  });
});

describe('the dashboard', () => {
  it('has panels that do not cover each other', () => {
    const cells = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.has(`${x} ${y}`), title).toBe(false);
          cells.add(`${x} ${y}`);
        }
      }
    }
  });

  it('asks something in every panel', () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');
    expect(panels.length).toBeGreaterThan(15);
    for (const { title, targets } of panels) expect(targets?.length, title).toBeGreaterThan(0);
  });
});
