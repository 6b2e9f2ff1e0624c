import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { elements, member, text } from '../../src/devcluster/json.ts';
import { waitFor } from '../harness/wait-for.ts';
import { apply, fetchInside, get, kubectl } from './harness/kubectl.ts';
import { service } from './harness/objects.ts';
import { type Prometheus, startPrometheus } from './harness/prometheus.ts';
import { findPrometheus } from './harness/prometheus-programs.ts';
import { NAMESPACE, operatorPods, render, SECRET_KEY } from './harness/release.ts';

/** A service that wants the name in AWS that another one has. */
const SECOND = service({
  name: 'second',
  namespace: 'team',
  cluster: 'apps',
  runs: { taskDefinition: 'web' },
  more: { serviceName: 'web' },
});

describe('the pods', () => {
  test('both answer their probes, and nothing keeps them from being ready', async () => {
    const pods = await operatorPods();
    expect(pods).toHaveLength(2);
    for (const { name } of pods) {
      const ask = (path: string) => fetchInside({ namespace: NAMESPACE, server: `pods/${name}:8081`, path });
      expect([await ask('/healthz'), await ask('/readyz')]).toEqual(['ok\n', 'ok\n']);
    }
  });

  test('log JSON, without errors, and never the credentials they were given', async () => {
    const all = `--selector=app.kubernetes.io/name=ecs-operator`;
    const logs = await kubectl('logs', all, `--namespace=${NAMESPACE}`, '--tail=-1');
    const entries = logs
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(entries.length).toBeGreaterThan(3);
    expect(entries.filter((entry) => member(entry, 'level') === 'error')).toEqual([]);
    expect(logs).not.toContain(SECRET_KEY);
  });
});

const programs = await findPrometheus();
const there = programs !== undefined;

describe.skipIf(!there)(there ? 'Prometheus' : 'Prometheus (skipped: neither it nor apt-get is here)', () => {
  let rules: object = {};
  let prometheus: Prometheus;

  beforeAll(async () => {
    if (programs === undefined) return;
    const rendered = await render({ metrics: { prometheusRule: { enabled: true } } });
    const all = parseAllDocuments(rendered).map((document): unknown => document.toJS());
    const rule = all.find((object) => member(object, 'kind') === 'PrometheusRule');
    // Safe: the rules are looked at by promtool before anything else.
    rules = member(rule, 'spec') as object;
    const pods = (await operatorPods()).map(({ name }) => name);
    prometheus = await startPrometheus({ programs, namespace: NAMESPACE, pods, rules });
  });
  afterAll(async () => {
    await kubectl('delete', 'ecssvc/second', '--namespace=team', '--ignore-not-found');
    await prometheus?.[Symbol.asyncDispose]();
  });

  /** The labels and values of what is shown, once that is as it should be. */
  function shows(promql: string, expected: number) {
    return waitFor(() => prometheus.query(promql), {
      describe: `${promql} is ${expected}`,
      until: (seen) => seen.length === 1 && seen[0]?.value === expected,
    });
  }

  test('scrapes both replicas, of which one leads', async () => {
    await shows('count(up == 1)', 2);
    await shows('sum(leader_election_master_status)', 1);
  });

  test('knows of every object whether it is Ready', async () => {
    const objects = (await get('ecs', '--all-namespaces')).length;
    await shows('count(ecs_operator_resource_condition{type="Ready"} == 1)', objects);
  });

  test('can evaluate every alert of the chart, and none fires while all is well', async () => {
    const names = elements(member(rules, 'groups')).flatMap((group) => elements(member(group, 'rules')));
    expect(names.length).toBeGreaterThan(10);
    const loaded = await waitFor(
      async () =>
        elements(member(await prometheus.api('/api/v1/rules'), 'groups')).flatMap((g) => elements(member(g, 'rules'))),
      {
        describe: 'every rule was evaluated',
        until: (seen) => seen.length === names.length && seen.every((rule) => member(rule, 'health') !== 'unknown'),
      },
    );
    expect(loaded.filter((rule) => member(rule, 'health') !== 'ok')).toEqual([]);
    // While only one replica had been scraped, nobody seemed to lead.
    await waitFor(() => prometheus.query('ALERTS'), { describe: 'no alert is on', until: (seen) => seen.length === 0 });
  });

  test('begins to warn of an object that only a person can put right, and ends when that was done', async () => {
    const alert = 'count(ALERTS{alertname="EcsObjectStalled",namespace="team",name="second",kind="EcsService"})';
    await apply([SECOND]);
    await kubectl('wait', 'ecssvc/second', '--namespace=team', '--for=condition=Stalled', '--timeout=1m');
    await shows(alert, 1);
    await kubectl('delete', 'ecssvc/second', '--namespace=team');
    await waitFor(() => prometheus.query(alert), {
      describe: 'the alert is over',
      until: (seen) => seen.length === 0,
    });
  });

  test('gets from every metric of the chart’s alerts something to look at', async () => {
    const expressions = elements(member(rules, 'groups'))
      .flatMap((group) => elements(member(group, 'rules')))
      .map((rule) => text(member(rule, 'expr')) ?? '');
    const names = new Set(
      expressions.join(' ').match(/\b(ecs_operator|controller_runtime|workqueue|rest_client|leader_election)_\w+/g),
    );
    expect(names.size).toBeGreaterThan(5);
    for (const name of names) {
      // A histogram is named by its parts.
      expect(await prometheus.query(`count({__name__=~"${name}"})`), name).toHaveLength(1);
    }
  });
});
