/** Types by which the Prometheus Operator's own CRDs know what the chart uses of them; anything else is refused. */
const text = { type: 'string' };
const labels = { type: 'object', additionalProperties: text };
const object = (properties: object) => ({ type: 'object', properties });
const list = (items: object) => ({ type: 'array', items });

const relabelings = list(
  object({ action: text, regex: text, replacement: text, sourceLabels: list(text), targetLabel: text }),
);
const endpoints = list(
  object({
    port: text,
    path: text,
    honorLabels: { type: 'boolean' },
    interval: text,
    scrapeTimeout: text,
    relabelings,
    metricRelabelings: relabelings,
  }),
);
const monitor = { selector: object({ matchLabels: labels }), namespaceSelector: object({ matchNames: list(text) }) };
const rule = object({ alert: text, record: text, expr: text, for: text, labels, annotations: labels });

/**
 * The kinds of the Prometheus Operator as CRDs, with the members that the chart sets.
 * @see https://prometheus-operator.dev/docs/api-reference/api/
 */
export const MONITORING_CRDS = [
  crd('ServiceMonitor', { ...monitor, endpoints }),
  crd('PodMonitor', { ...monitor, podMetricsEndpoints: endpoints }),
  crd('PrometheusRule', { groups: list(object({ name: text, rules: list(rule) })) }),
];

function crd(kind: string, spec: object) {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.monitoring.coreos.com` },
    spec: {
      group: 'monitoring.coreos.com',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: object({ spec: object(spec) }) },
        },
      ],
    },
  };
}
