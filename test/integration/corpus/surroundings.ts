import { elements, member, text } from '../../../src/devcluster/json.ts';
import type { FakeServiceName } from '../../../src/fake-aws/core/request.ts';
import type { FakeAws } from '../../../src/fake-aws/fake-aws.ts';
import { isObject, type Json, type JsonObject } from '../../../src/shape/shape.ts';
import { waitFor } from '../../harness/wait-for.ts';

/** The account and region that a definition was written for. */
export interface Home {
  readonly accountId: string;
  readonly region: string;
}

/** Where the ARNs in a definition point to, as far as they are complete. */
export function homeOf(spec: JsonObject): Home {
  const [, region = 'eu-central-1', accountId = '123456789012'] =
    /arn:aws:[a-z]+:([a-z]{2}-[a-z]+-\d):(\d{12}):/.exec(JSON.stringify(spec)) ?? [];
  return { accountId, region };
}

/**
 * Makes in the fake what a service definition refers to: cluster, capacity providers, task definition with the
 * containers and ports that it speaks of, Cloud Map service and namespace.
 * @returns the definition, with the one thing in it that nobody can make: a Cloud Map service's id is AWS's to choose.
 */
export async function surroundings(fake: FakeAws, spec: JsonObject, home: Home): Promise<JsonObject> {
  const ask = (operation: string, input: object, service: FakeServiceName = 'ecs') =>
    fake.handle({ service, operation, input, ...home });
  const cluster = textOf(spec.cluster) ?? 'default';
  ask('CreateCluster', { clusterName: cluster });
  const providers = capacityProviders(spec);
  for (const name of providers.filter((one) => !one.startsWith('FARGATE'))) {
    const autoScalingGroupArn = `arn:aws:autoscaling:${home.region}:${home.accountId}:autoScalingGroup:0:autoScalingGroupName/a`;
    ask('CreateCapacityProvider', { name, autoScalingGroupProvider: { autoScalingGroupArn } });
  }
  ask('PutClusterCapacityProviders', {
    cluster,
    capacityProviders: providers,
    defaultCapacityProviderStrategy: [],
  });
  registerTaskDefinition(spec, (input) => ask('RegisterTaskDefinition', input));
  const connect = record(spec.serviceConnectConfiguration);
  const namespace = textOf(connect.namespace);
  if (namespace !== undefined) await makeNamespace(namespace, ask);
  const registries = items(spec.serviceRegistries).filter((registry) => textOf(registry.registryArn) !== undefined);
  if (registries.length === 0) return spec;
  await makeNamespace('local', ask);
  const [{ Id: NamespaceId } = { Id: undefined }] = elements(
    member(ask('ListNamespaces', {}, 'servicediscovery'), 'Namespaces'),
  ) as { Id?: string }[];
  const made = ask('CreateService', { Name: 'it', NamespaceId, CreatorRequestId: 'it' }, 'servicediscovery');
  const registryArn = text(member(made, 'Service', 'Arn')) ?? '';
  return { ...spec, serviceRegistries: registries.map((registry) => ({ ...registry, registryArn })) };
}

async function makeNamespace(
  Name: string,
  ask: (operation: string, input: object, service: FakeServiceName) => unknown,
): Promise<void> {
  ask('CreateHttpNamespace', { Name, CreatorRequestId: Name }, 'servicediscovery');
  await waitFor(() => JSON.stringify(ask('ListNamespaces', {}, 'servicediscovery')).includes(`"${Name}"`), {
    describe: `Cloud Map made namespace ${Name}`,
  });
}

/** Registers the family as often as its revision says. */
function registerTaskDefinition(spec: JsonObject, register: (input: object) => unknown): void {
  const named = textOf(spec.taskDefinition) ?? 'fitting';
  const [family = '', revision = '1'] = named.slice(named.lastIndexOf('/') + 1).split(':');
  if (!/^[\w-]+$/.test(family)) return;
  for (let count = 0; count < Number(revision); count++) register({ family, ...fittingTask(spec) });
}

/** A task definition with the containers and ports that a service definition speaks of. */
function fittingTask(spec: JsonObject): object {
  const awsvpc = record(spec.networkConfiguration).awsvpcConfiguration !== undefined;
  const ports = new Map<string, Set<number>>();
  for (const one of [...items(spec.loadBalancers), ...items(spec.serviceRegistries)]) {
    const name = textOf(one.containerName);
    if (name === undefined) continue;
    ports.set(name, (ports.get(name) ?? new Set()).add(Number(one.containerPort)));
  }
  if (ports.size === 0) ports.set('app', new Set());
  const named = items(record(spec.serviceConnectConfiguration).services).map(({ portName }) => textOf(portName));
  const exec = spec.enableExecuteCommand === true;
  return {
    cpu: '256',
    memory: '512',
    ...(awsvpc ? { networkMode: 'awsvpc' } : {}),
    ...(exec ? { taskRoleArn: 'arn:aws:iam::123456789012:role/task' } : {}),
    containerDefinitions: [...ports].map(([name, mapped], index) => ({
      name,
      image: 'nginx',
      portMappings: [
        ...[...mapped].map((containerPort) => ({ containerPort })),
        ...(index === 0 ? named.map((port, at) => ({ name: port, containerPort: 9000 + at })) : []),
      ],
    })),
  };
}

function capacityProviders(spec: JsonObject): readonly string[] {
  const named = items(spec.capacityProviderStrategy).flatMap(({ capacityProvider }) => textOf(capacityProvider) ?? []);
  return [...new Set(named)];
}

function items(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function record(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Undefined for what says nothing. */
function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
