/** A query and the name of its lines. */
interface Query {
  readonly expr: string;
  readonly legend?: string;
}

interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly type: 'stat' | 'timeseries' | 'table';
  readonly width: number;
  readonly height?: number;
  readonly unit?: string;
  /** From which value on it is orange and red. */
  readonly thresholds?: readonly [orange: number, red: number];
  readonly queries: readonly Query[];
}

const OURS = 'controller=~"awsaccount|cloudmap.*|ecs.*"';
const OBJECT = 'namespace=~"$namespace",kind=~"$kind"';
const CONDITION = `ecs_operator_resource_condition{${OBJECT}`;
/** The pods of the operator, for metrics that every program has. */
const PODS = 'and on (instance) ecs_operator_build_info';

const ROWS: readonly (readonly [title: string, panels: readonly Panel[]])[] = [
  [
    'Is everything all right?',
    [
      stat('Ready', `sum(${CONDITION},type="Ready"} == 1) or vector(0)`, 'Objects that are what they should be.'),
      stat('Not Ready', `count(${CONDITION},type="Ready"} == 0) or vector(0)`, 'Most are on their way.', [1, 50]),
      stat('Stalled', `sum(${CONDITION},type="Stalled"}) or vector(0)`, 'Somebody has to do something.', [1, 1]),
      stat(
        'Unavailable services',
        `count(${CONDITION},type="Available"} == 0) or vector(0)`,
        'Too few tasks run.',
        [1, 1],
      ),
      stat('Drifted', `sum(${CONDITION},type="Drifted"}) or vector(0)`, 'Changed in AWS behind our back.', [1, 10]),
      stat('Leaders', 'sum(leader_election_master_status{name="ecs-operator"})', 'One, unless leader election is off.'),
      table(
        'Objects that are not Ready',
        'The longer one is here, the more it needs a look: kubectl describe says why.',
        `${CONDITION},type="Ready"} == 0`,
      ),
      table('Stalled objects', 'What is wrong is in the condition Stalled.', `${CONDITION},type="Stalled"} == 1`),
    ],
  ],
  [
    'AWS',
    [
      series('Calls', 'reqps', [
        {
          expr: 'sum by (operation) (rate(ecs_operator_aws_requests_total[$__rate_interval]))',
          legend: '{{operation}}',
        },
      ]),
      series('Calls that failed, by code', 'reqps', [
        {
          expr: 'sum by (operation, code) (rate(ecs_operator_aws_requests_total{code!="OK"}[$__rate_interval]))',
          legend: '{{operation}} {{code}}',
        },
      ]),
      series('How long AWS takes (95 %)', 's', [
        {
          expr: 'histogram_quantile(0.95, sum by (operation, le) (rate(ecs_operator_aws_request_duration_seconds_bucket[$__rate_interval])))',
          legend: '{{operation}}',
        },
      ]),
      series("Waiting for AWS's rates (95 %)", 's', [
        {
          expr: 'histogram_quantile(0.95, sum by (category, le) (rate(ecs_operator_aws_limiter_wait_seconds_bucket[$__rate_interval])))',
          legend: '{{category}}',
        },
      ]),
    ],
  ],
  [
    'Controllers',
    [
      series('Reconciles', 'ops', [
        {
          expr: `sum by (controller, result) (rate(controller_runtime_reconcile_total{${OURS}}[$__rate_interval]))`,
          legend: '{{controller}} {{result}}',
        },
      ]),
      series('How long a reconcile takes (95 %)', 's', [
        {
          expr: `histogram_quantile(0.95, sum by (controller, le) (rate(controller_runtime_reconcile_time_seconds_bucket{${OURS}}[$__rate_interval])))`,
          legend: '{{controller}}',
        },
      ]),
      series('How long objects wait for a worker (95 %)', 's', [
        {
          expr: `histogram_quantile(0.95, sum by (controller, le) (rate(workqueue_queue_duration_seconds_bucket{${OURS}}[$__rate_interval])))`,
          legend: '{{controller}}',
        },
      ]),
      series('Objects that wait, workers that are busy', 'short', [
        { expr: `sum by (controller) (workqueue_depth{${OURS}})`, legend: '{{controller}} waiting' },
        { expr: `sum by (controller) (controller_runtime_active_workers{${OURS}})`, legend: '{{controller}} busy' },
      ]),
      series('Stalled and faults', 'ops', [
        {
          expr: `sum by (controller) (rate(controller_runtime_terminal_reconcile_errors_total{${OURS}}[$__rate_interval]))`,
          legend: '{{controller}} stalled',
        },
        {
          expr: `sum by (controller) (rate(controller_runtime_reconcile_panics_total{${OURS}}[$__rate_interval]))`,
          legend: '{{controller}} fault',
        },
      ]),
      series('The longest reconcile under way', 's', [
        {
          expr: `max by (controller) (workqueue_longest_running_processor_seconds{${OURS}})`,
          legend: '{{controller}}',
        },
      ]),
    ],
  ],
  [
    'Process and Kubernetes',
    [
      series('Requests to Kubernetes', 'reqps', [
        {
          expr: `sum by (method, code) (rate(rest_client_requests_total[$__rate_interval]) ${PODS})`,
          legend: '{{method}} {{code}}',
        },
      ]),
      series('Memory', 'bytes', [
        { expr: `process_resident_memory_bytes ${PODS}`, legend: '{{instance}} resident' },
        { expr: `nodejs_heap_size_used_bytes ${PODS}`, legend: '{{instance}} heap in use' },
      ]),
      series('CPU', 'percentunit', [
        { expr: `rate(process_cpu_seconds_total[$__rate_interval]) ${PODS}`, legend: '{{instance}}' },
      ]),
      series('Event loop lag (99 %)', 's', [
        { expr: `nodejs_eventloop_lag_p99_seconds ${PODS}`, legend: '{{instance}}' },
      ]),
    ],
  ],
];

function stat(title: string, expr: string, description: string, thresholds?: readonly [number, number]): Panel {
  return {
    type: 'stat',
    title,
    description,
    width: 4,
    height: 4,
    queries: [{ expr }],
    ...(thresholds && { thresholds }),
  };
}

function series(title: string, unit: string, queries: readonly Query[]): Panel {
  return { type: 'timeseries', title, unit, width: 12, queries };
}

function table(title: string, description: string, expr: string): Panel {
  return { type: 'table', title, description, width: 12, queries: [{ expr }] };
}

/** The Grafana dashboard, as JSON for Grafana 10 or later. */
export function dashboard(): string {
  const panels: object[] = [];
  let y = 0;
  for (const [title, row] of ROWS) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { h: 1, w: 24, x: 0, y },
      panels: [],
    });
    y += 1;
    let x = 0;
    for (const panel of row) {
      const height = panel.height ?? 8;
      if (x + panel.width > 24) x = 0;
      panels.push({ id: panels.length + 1, ...panelOf(panel), gridPos: { h: height, w: panel.width, x, y } });
      x += panel.width;
      if (x >= 24) {
        x = 0;
        y += height;
      }
    }
    if (x > 0) y += 8;
  }
  return `${JSON.stringify(
    {
      title: 'ecs-operator',
      uid: 'ecs-operator',
      description: 'Generated by `npm run generate` from scripts/generate/chart/dashboard.ts.',
      tags: ['ecs-operator', 'aws'],
      schemaVersion: 39,
      editable: true,
      refresh: '30s',
      time: { from: 'now-3h', to: 'now' },
      graphTooltip: 1,
      templating: { list: variables() },
      annotations: { list: [] },
      links: [],
      panels,
    },
    undefined,
    1,
  )}\n`;
}

const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

function variables(): readonly object[] {
  const labelled = (name: string, label: string) => ({
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    query: { query: `label_values(ecs_operator_resource_condition, ${name})`, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    // Not `.+`: an AwsAccount has no namespace.
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  });
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {} },
    labelled('namespace', 'Namespace'),
    labelled('kind', 'Kind'),
  ];
}

function panelOf({ type, title, description, unit, thresholds, queries }: Panel): object {
  const [orange, red] = thresholds ?? [];
  const steps = [
    { color: 'green', value: null },
    ...(orange === undefined || orange === red ? [] : [{ color: 'orange', value: orange }]),
    ...(red === undefined ? [] : [{ color: 'red', value: red }]),
  ];
  return {
    type,
    title,
    ...(description && { description }),
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: { ...(unit && { unit }), thresholds: { mode: 'absolute', steps }, custom: customOf(type) },
      overrides: [],
    },
    options: optionsOf(type),
    ...(type === 'table' && { transformations: TABLE_COLUMNS }),
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr,
      ...(legend && { legendFormat: legend }),
      ...(type === 'timeseries' ? {} : { instant: true }),
      ...(type === 'table' && { format: 'table' }),
    })),
  };
}

/** What of a series' labels is not of interest to who looks for an object. */
const TABLE_COLUMNS = [
  {
    id: 'filterFieldsByName',
    options: { include: { names: ['kind', 'namespace', 'name'] } },
  },
];

function customOf(type: Panel['type']): object {
  return type === 'timeseries' ? { lineWidth: 1, fillOpacity: 10, showPoints: 'never', spanNulls: true } : {};
}

function optionsOf(type: Panel['type']): object {
  switch (type) {
    case 'stat':
      return { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'none' };
    case 'timeseries':
      return {
        legend: { displayMode: 'table', placement: 'right', calcs: ['mean', 'max'], showLegend: true },
        tooltip: { mode: 'multi', sort: 'desc' },
      };
    case 'table':
      return { showHeader: true, sortBy: [{ displayName: 'namespace' }] };
  }
}
