import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { stringify } from 'yaml';
import { startGuarded } from '../../../src/devcluster/guard.ts';
import { elements, member, text } from '../../../src/devcluster/json.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { run } from './command.ts';
import type { PrometheusPrograms } from './prometheus-programs.ts';

/** A Prometheus that scrapes pods. */
export interface Prometheus extends AsyncDisposable {
  /** The values of an instant query, with their labels. */
  query(promql: string): Promise<readonly { readonly labels: unknown; readonly value: number }[]>;
  /** Any other page of its API, e.g. `/api/v1/rules`; its `data`. */
  api(path: string): Promise<unknown>;
}

/**
 * Checks rules with promtool and starts a Prometheus with them, which reaches the pods through the API server.
 * @throws Error with what promtool said
 */
export async function startPrometheus(options: {
  readonly programs: PrometheusPrograms;
  readonly namespace: string;
  /** What is scraped: Debian's Prometheus has Kubernetes' discovery left out. */
  readonly pods: readonly string[];
  /** The `spec` of a PrometheusRule. */
  readonly rules: object;
}): Promise<Prometheus> {
  const { programs, namespace, pods, rules } = options;
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ecs-operator-prometheus-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'rules.yaml'), stringify(rules));
  await writeFile(join(folder, 'prometheus.yaml'), stringify(configuration(namespace, pods)));
  await run(programs.promtool, ['check', 'config', 'prometheus.yaml'], { cwd: folder });
  let said = '';
  const program = startGuarded({
    command: programs.prometheus,
    args: [
      '--config.file=prometheus.yaml',
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    cwd: folder,
    output: {
      onText: (part) => {
        said += part;
      },
    },
  });
  undo.defer(() => program.kill());
  const address = await waitFor(
    () => {
      if (!program.running()) throw new Error(said);
      return /msg="Listening on" address=(\S+)/.exec(said)?.[1];
    },
    { describe: 'Prometheus listens' },
  );
  const api = async (path: string) => {
    const answer: unknown = await (await fetch(`http://${address}${path}`)).json();
    if (member(answer, 'status') !== 'success') throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return member(answer, 'data');
  };
  const stop = undo.move();
  return {
    api,
    async query(promql) {
      const data = await api(`/api/v1/query?query=${encodeURIComponent(promql)}`);
      return elements(member(data, 'result')).map((series) => ({
        labels: member(series, 'metric'),
        value: Number(text(elements(member(series, 'value'))[1])),
      }));
    },
    [Symbol.asyncDispose]: () => stop.disposeAsync(),
  };
}

/** What a PodMonitor comes to, with the API server's proxy in the place of the pods' addresses. */
function configuration(namespace: string, pods: readonly string[]): object {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: pods.map((pod) => ({
      job_name: pod,
      honor_labels: true,
      metrics_path: `/api/v1/namespaces/${namespace}/pods/${pod}:8080/proxy/metrics`,
      static_configs: [
        {
          targets: [inject('e2e').api.replace('http://', '')],
          labels: { job: 'ecs-operator', namespace, instance: pod },
        },
      ],
    })),
  };
}
