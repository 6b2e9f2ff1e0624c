import Table from 'cli-table3';
import type { Counts } from './fake-calls.ts';
import type { Memory } from './process-usage.ts';
import type { Latency, Look, Results } from './results.ts';

type Row = readonly [measure: string, value: string, goal?: Goal];

/** What the design asks, and whether it was reached. */
interface Goal {
  readonly text: string;
  readonly met: boolean;
}

/** The results as a table for people. */
export function report(results: Results): string {
  const { services, speed, node, cores } = results;
  const head = `${services} services with ${services} task definitions; rollouts ${speed}× faster than on AWS; Node ${node}, ${cores} cores`;
  const table = new Table({ head: ['', 'measured', 'goal'], style: { head: [], border: [] } });
  for (const [measure, value, goal] of rows(results)) {
    table.push([measure, value, goal === undefined ? '' : `${goal.text} ${goal.met ? '✓' : '✗ missed'}`]);
  }
  return `${head}\n${table.toString()}`;
}

function rows({ idle, creation, imageChanges, restart, resync }: Results): readonly Row[] {
  const { cpuSeconds } = creation;
  return [
    ['all applied after', seconds(creation.applySeconds)],
    ['all Ready after (from the first apply)', seconds(creation.readySeconds), atMost(creation.readySeconds, 20, ' s')],
    [
      'AWS calls per pair, polling aside',
      creation.awsCallsPerPair.toFixed(2),
      atMost(round(creation.awsCallsPerPair, 2), 3.3, ''),
    ],
    ['  by operation', countsOf(creation.awsCalls)],
    ['  of these, polling of rollouts', String(creation.pollingCalls)],
    ['Kubernetes writes per object', creation.kubeWritesPerObject.toFixed(2)],
    ['  requests', countsOf(creation.kubeRequests)],
    ['CPU: operator', seconds(cpuSeconds.operator)],
    ['CPU: kube-apiserver, etcd', `${seconds(cpuSeconds.apiServer)}, ${seconds(cpuSeconds.etcd)}`],
    ['CPU: fake AWS, bench', `${seconds(cpuSeconds.fakeAws)}, ${seconds(cpuSeconds.bench)}`],
    ['memory of the idle operator', memory(idle)],
    ['memory with everything Ready', memory(creation.memory), atMost(creation.memory.residentMb, 120, ' MB')],
    ['memory after the image changes', memory(imageChanges.memory), atMost(imageChanges.memory.residentMb, 120, ' MB')],
    ...latencyRows('one by one', imageChanges.oneByOne),
    ...latencyRows('in a burst', imageChanges.burst),
    ['all Ready again after the burst', seconds(imageChanges.burstReadySeconds)],
    ...lookRows('restart', restart),
    ...lookRows('resync', resync),
  ];
}

function latencyRows(how: string, { changes, p50, p99, max }: Latency): readonly Row[] {
  return [
    [`image to UpdateService, ${changes} ${how}: p50`, `${p50} ms`],
    ['  p99', `${p99} ms`, { text: '< 1000 ms', met: p99 < 1000 }],
    ['  max', `${max} ms`],
  ];
}

function lookRows(when: string, look: Look): readonly Row[] {
  return [
    [
      `${when}: reads of services`,
      `${look.serviceReads} in ${seconds(look.seconds)}`,
      atMost(look.serviceReads, 101, ''),
    ],
    ['  all calls', countsOf(look.awsCalls)],
    [
      '  writes to AWS, to Kubernetes',
      `${look.awsWrites}, ${look.kubeWrites}`,
      atMost(look.awsWrites + look.kubeWrites, 0, ''),
    ],
    ['  CPU of the operator', seconds(look.operatorCpuSeconds)],
    ['  memory', memory(look.memory), atMost(look.memory.residentMb, 120, ' MB')],
  ];
}

function atMost(value: number, limit: number, unit: string): Goal {
  return { text: `≤ ${limit}${unit}`, met: value <= limit };
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

function memory({ residentMb, peakMb }: Memory): string {
  return `${residentMb.toFixed(0)} MB (peak ${peakMb.toFixed(0)} MB)`;
}

function countsOf(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join('\n');
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
