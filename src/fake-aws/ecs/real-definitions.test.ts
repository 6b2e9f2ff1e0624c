import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, test } from 'vitest';
import type { SdkSchema } from '../core/input.ts';
import { type Loose, Stage } from './testing.ts';

// Definitions that people wrote, in a folder beside the project: what AWS takes, the fake has to take.
const folder = new URL('../../../../shared/real-ecs-json/', import.meta.url);
const present = existsSync(folder);
const title = present
  ? 'definitions that people wrote'
  : `definitions that people wrote (skipped: no ${folder.pathname})`;

/** What AWS itself would refuse, and with what words. */
const refusedTasks: Readonly<Record<string, RegExp>> = {
  '001.json': /'containerDefinitions\[0\].linuxParameters.devices\[0\].hostPath'.*must not be null/,
  '005.json': /Container.name contains invalid characters/,
  '013.json': /ephemeralStorage.sizeInGiB must be between 21 and 200/,
  '016.json': /No Fargate configuration exists for given values/,
  '024.json': /Unknown volume 'fsx-windows-dir'/,
  '026.json': /'containerDefinitions\[0\].environmentFiles\[0\].value'.*must not be null/,
  '031.json': /Value 'default' at 'networkMode'/,
  '033.json': /Container.image should not be null or empty/,
  '043.json': /START_OBJECT cannot be converted to List/,
  '045.json': /At least one of 'memory' or 'memoryReservation' must be specified/,
  '047.json': /cannot be converted to Integer/,
  '067.json': /Container.image should not be null or empty/,
  '085.json': /Container.image should not be null or empty/,
};

const refusedServices: Readonly<Record<string, RegExp>> = {
  // A template whose strings are all empty.
  '001.json': /subnets can not be empty/,
  '003.json': /'capacityProviderStrategy\[0\].capacityProvider'.*must not be null/,
  // Requests of RunTask and UpdateService.
  '004.json': /Desired count is required/,
  '007.json': /Desired count is required/,
  '023.json': /Desired count is required/,
  '032.json': /Desired count is required/,
  '011.json': /Placement strategies are not supported with FARGATE launch type/,
  '014.json': /Health check grace period is only valid for services configured to use load balancers/,
  // The member is written `alarmnames`.
  '024.json': /'deploymentConfiguration.alarms.alarmNames'.*must not be null/,
  '026.json': /'deploymentConfiguration.alarms.alarmNames'.*must not be null/,
};

describe.skipIf(!present)(title, () => {
  test.each(filesOf('task-definitions'))('task definition %s is registered, or refused as AWS would', (name, json) => {
    const stage = new Stage();
    const input = taskDefinition(json);
    const refusal = refusedTasks[name];
    if (refusal) expect(stage.refusal('RegisterTaskDefinition', input)).toMatch(refusal);
    else expect(stage.register(input)).toMatch(/task-definition\/.+:1$/);
  });

  test.each(filesOf('services'))('service %s is created, or refused as AWS would', (name, json) => {
    const stage = new Stage();
    const input = service(stage, json);
    const refusal = refusedServices[name];
    if (refusal) expect(stage.refusal('CreateService', input)).toMatch(refusal);
    else expect(stage.call('CreateService', input).service.status).toBe('ACTIVE');
  });
});

function filesOf(kind: string): [string, Loose][] {
  if (!present) return [];
  const names = readdirSync(new URL(`${kind}/`, folder)).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => [name, JSON.parse(readFileSync(new URL(`${kind}/${name}`, folder), 'utf8'))]);
}

/** The file as a request: unwrapped, without nulls, empty strings and read-only members, placeholders made harmless. */
function taskDefinition(json: Loose): Loose {
  const input = clean(sdk.RegisterTaskDefinitionRequest$, json.taskDefinition ?? json) ?? {};
  input.family = (input.family ?? 'nameless').replaceAll(/[^a-zA-Z0-9_-]/g, '-');
  for (const container of input.containerDefinitions ?? [])
    container.image = container.image?.replaceAll(/[^a-zA-Z0-9_.:/@#-]/g, '');
  input.requiresCompatibilities = input.requiresCompatibilities?.filter((value: string) => /^[A-Z0-9_]+$/.test(value));
  if (/\W/.test(input.networkMode ?? '')) input.networkMode = undefined;
  input.tags = undefined;
  return input;
}

/** The file as a request, with a task definition, capacity providers and Cloud Map services that fit what it says. */
function service(stage: Stage, json: Loose): Loose {
  const input = clean(sdk.CreateServiceRequest$, json.services?.[0] ?? json.service ?? json) ?? {};
  input.serviceName = (input.serviceName ?? 'nameless').replaceAll(/[^a-zA-Z0-9_-]/g, '-');
  input.cluster = 'main';
  input.tags = undefined;
  input.clientToken = undefined;
  input.role = undefined;
  for (const balancer of input.loadBalancers ?? []) {
    if (balancer.loadBalancerName !== undefined) continue;
    balancer.targetGroupArn =
      'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/some/0123456789abcdef';
  }
  for (const registry of input.serviceRegistries ?? []) registry.registryArn = cloudMapService(stage);
  const connect = input.serviceConnectConfiguration;
  if (connect?.enabled) connect.namespace = namespace(stage);
  const providers = (input.capacityProviderStrategy ?? []).flatMap((item: Loose) => item.capacityProvider ?? []);
  for (const name of new Set<string>(providers)) {
    if (name.startsWith('FARGATE')) continue;
    const autoScalingGroupArn = `arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:0:autoScalingGroupName/a`;
    stage.call('CreateCapacityProvider', { name, autoScalingGroupProvider: { autoScalingGroupArn } });
  }
  stage.call('PutClusterCapacityProviders', {
    cluster: 'main',
    capacityProviders: [...new Set(providers)],
    defaultCapacityProviderStrategy: [],
  });
  stage.register(fittingTask(input));
  input.taskDefinition = 'fitting';
  return input;
}

/** A task definition with the containers and ports that a service's file speaks of. */
function fittingTask(input: Loose): object {
  const awsvpc = input.networkConfiguration?.awsvpcConfiguration !== undefined;
  const ports = new Map<string, Set<number>>([['fitting', new Set()]]);
  for (const { containerName, containerPort } of [...(input.loadBalancers ?? []), ...(input.serviceRegistries ?? [])]) {
    if (containerName === undefined || containerPort === undefined) continue;
    ports.set(containerName, (ports.get(containerName) ?? new Set()).add(containerPort));
  }
  const connect = (input.serviceConnectConfiguration?.services ?? []).map(({ portName }: Loose) => portName);
  return {
    family: 'fitting',
    cpu: '256',
    memory: '512',
    taskRoleArn: 'arn:aws:iam::123456789012:role/task',
    ...(awsvpc ? { networkMode: 'awsvpc' } : {}),
    containerDefinitions: [...ports].map(([name, mapped]) => ({
      name,
      image: 'nginx',
      portMappings: [
        ...[...mapped].map((containerPort) => ({ containerPort })),
        ...(name === 'fitting'
          ? connect.map((port: string, at: number) => ({ name: port, containerPort: 9000 + at }))
          : []),
      ],
    })),
  };
}

function namespace(stage: Stage): string {
  stage.call('CreateHttpNamespace', { Name: 'some', CreatorRequestId: 'some' }, 'servicediscovery');
  stage.clock.advance(600_000);
  return 'some';
}

function cloudMapService(stage: Stage): string {
  namespace(stage);
  const [{ Id }] = stage.call('ListNamespaces', {}, 'servicediscovery').Namespaces;
  return stage.call('CreateService', { Name: 'some', NamespaceId: Id, CreatorRequestId: '1' }, 'servicediscovery')
    .Service.Arn;
}

/** A value as the schema takes it; undefined for what says nothing. */
function clean(schema: SdkSchema, value: Loose): Loose {
  const shape = NormalizedSchema.of(schema);
  if (value === null || value === undefined || value === '') return undefined;
  if (shape.isListSchema()) {
    if (!Array.isArray(value)) return value;
    return value.map((item) => clean(shape.getValueSchema(), item)).filter((item) => item !== undefined);
  }
  if (shape.isStructSchema()) {
    const members = [...shape.structIterator()].map(([name, member]) => [name, clean(member, value[name])] as const);
    const kept = members.filter(([, member]) => member !== undefined);
    return kept.length > 0 || Object.keys(value).length === 0 ? Object.fromEntries(kept) : undefined;
  }
  if (shape.isNumericSchema()) return Number(value);
  return shape.isStringSchema() ? String(value) : value;
}
