import { elements, member, text } from '../../../src/devcluster/json.ts';
import { apply, fetchInside, kubectl } from './kubectl.ts';

/** A fake AWS in a namespace of its own, so that it outlives every release of the chart. */
const NAMESPACE = 'aws';
const NAME = 'fake-aws';

/** Where the operator finds it. */
export const AWS_URL = `http://${NAME}.${NAMESPACE}.svc:4566`;

/** Starts the fake from the operator's image, fast, and waits until it answers. */
export async function startAws(image: string): Promise<void> {
  const labels = { app: NAME };
  await apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: RESTRICTED } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: NAME, namespace: NAMESPACE },
      spec: { selector: labels, ports: [{ port: 4566 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: NAME, namespace: NAMESPACE },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(image) },
      },
    },
  ]);
  await kubectl('rollout', 'status', `deployment/${NAME}`, `--namespace=${NAMESPACE}`, '--timeout=2m');
}

/** The labels of a namespace in which Kubernetes refuses, and warns of, what is not restricted. */
export const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

function podSpec(image: string): object {
  return {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: NAME,
        image,
        args: ['fake-aws', '--host=0.0.0.0', '--speed=20'],
        readinessProbe: { httpGet: { path: '/_fake/', port: 4566 }, periodSeconds: 1 },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}

/** Asks a control of the fake. */
export async function control(
  path: string,
  method: 'GET' | 'POST' | 'DELETE' = 'GET',
  body?: object,
): Promise<unknown> {
  const answer = await fetchInside({
    namespace: NAMESPACE,
    server: `services/${NAME}:4566`,
    path: `/_fake/${path}`,
    method,
    ...(body !== undefined && { body }),
  });
  return JSON.parse(answer);
}

/** A service as AWS holds it. */
export interface ServiceInAws {
  readonly name: string;
  readonly status: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly taskDefinition: string;
  /** How many deployments there ever were. */
  readonly deployments: number;
}

/** All services in AWS; the deleted ones, which AWS still shows for a while, with their status INACTIVE. */
export async function servicesInAws(): Promise<readonly ServiceInAws[]> {
  return servicesOf(await control('state'));
}

/** The same, of the state that any fake gives. */
export function servicesOf(state: unknown): readonly ServiceInAws[] {
  const clusters = Object.values(state ?? {}).flatMap((place) => elements(member(place, 'ecs', 'clusters')));
  return clusters.flatMap((cluster) =>
    elements(member(cluster, 'services')).map((service) => ({
      name: text(member(service, 'serviceName')) ?? '',
      status: text(member(service, 'status')) ?? '',
      desiredCount: Number(member(service, 'desiredCount')),
      runningCount: Number(member(service, 'runningCount')),
      taskDefinition: text(member(service, 'taskDefinition')) ?? '',
      deployments: elements(member(service, 'serviceDeployments')).length,
    })),
  );
}

/** Names of the calls that change something, in their order, since the fake forgot its calls the last time. */
export async function changesInAws(): Promise<readonly string[]> {
  const calls = elements(member(await control('calls?limit=50000'), 'calls'));
  return calls
    .filter((call) => member(call, 'code') === 'OK')
    .map((call) => text(member(call, 'operation')) ?? '')
    .filter((operation) => !/^(Describe|List|Get)/.test(operation));
}
