import { describe, expect, test } from 'vitest';
import type { EcsServiceSpec } from '../../../src/kinds/ecs-service/schema.ts';
import { normalise } from '../../../src/shape/normalise.ts';
import { isList, isObject, type Json, type JsonObject } from '../../../src/shape/shape.ts';
import { serviceShape } from '../../../src/shape/shapes.ts';
import { realFiles, realFilesThere } from '../../shape/real-files.ts';
import { type Loose, OneService } from './one-service.ts';

/** Requests of other operations, and what AWS itself refuses to create. */
const REFUSED = new Set(['001', '003', '004', '007', '011', '014', '023', '024', '026', '032'].map((n) => `${n}.json`));

const TARGET_GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/some/0123456789abcdef';

const title = realFilesThere
  ? 'services that people wrote, made by hand first'
  : 'services that people wrote, made by hand first (skipped: ../shared/real-ecs-json is not there)';

describe.skipIf(!realFilesThere)(title, () => {
  const files = realFiles('services').filter(({ file }) => !REFUSED.has(file));

  test.each(files)('$file is adopted by tags alone', async ({ json }) => {
    const { web, spec, name } = made(json);
    const [before] = web.live(name).deployments;
    web.apply({ ...spec, policy: { adoption: 'Adopt' } });
    await web.converge(7200);
    expect(
      web.writes.map(({ operation }) => operation),
      JSON.stringify(web.writes),
    ).toEqual(['TagResource']);
    expect(web.condition('Synced'), web.condition('Synced')?.message).toMatchObject({ status: 'True' });
    expect(web.live(name).deployments[0]?.id).toBe(before?.id);
    expect(web.events.map(({ reason }) => reason)).toContain('Adopted');

    // The second look confirms that nobody else claims it; from then on nothing is written.
    await web.reconcile();
    web.forget();
    web.wait(600);
    web.restart();
    await web.reconcile();
    expect([...web.wrote(), web.kubeWrites]).toEqual([0]);
  });
});

/** What AWS's side holds when a person creates the service of a file, and the file as a spec. */
function made(json: Json): { web: OneService; spec: EcsServiceSpec; name: string } {
  const web = new OneService();
  const spec = fitted(unwrapped(json), web);
  const { value, problems } = normalise(spec, serviceShape, { own: ['failures'] });
  expect(problems).toEqual([]);
  web.aws('CreateService', value);
  web.wait(600);
  web.forget();
  // Safe: what a person wrote is JSON, and that is all a spec has to be here.
  return { web, spec: spec as unknown as EcsServiceSpec, name: String(value.serviceName) };
}

function unwrapped(json: Json): JsonObject {
  const [service] = isObject(json) && isList(json.services) ? json.services : [json];
  if (!isObject(service)) throw new Error('not a service');
  return service;
}

/** With names of things that are there: the files speak of other accounts, and of placeholders. */
function fitted(json: JsonObject, web: OneService): JsonObject {
  // Safe: a deep copy, changed freely below.
  const spec = structuredClone(json) as Loose;
  spec.cluster = 'default';
  spec.serviceName = String(spec.serviceName || 'nameless').replaceAll(/[^a-zA-Z0-9_-]/g, '-');
  spec.taskDefinition = 'fitting';
  delete spec.role;
  delete spec.enableLogging;
  // Placeholders of templates, which AWS refuses in tags.
  spec.tags = (spec.tags ?? []).filter(({ value }: Loose) => !/[{}]/.test(value));
  for (const balancer of spec.loadBalancers ?? [])
    if (!balancer.loadBalancerName) balancer.targetGroupArn = TARGET_GROUP;
  for (const registry of spec.serviceRegistries ?? []) registry.registryArn = registryArn(web);
  if (spec.serviceConnectConfiguration?.enabled) spec.serviceConnectConfiguration.namespace = namespace(web);
  const providers = new Set<string>(
    (spec.capacityProviderStrategy ?? []).flatMap((item: Loose) => item.capacityProvider || []),
  );
  for (const name of providers) {
    if (name.startsWith('FARGATE')) continue;
    const autoScalingGroupArn =
      'arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:0:autoScalingGroupName/a';
    web.aws('CreateCapacityProvider', { name, autoScalingGroupProvider: { autoScalingGroupArn } });
  }
  web.aws('PutClusterCapacityProviders', {
    cluster: 'default',
    capacityProviders: [...providers],
    defaultCapacityProviderStrategy: [],
  });
  web.aws('RegisterTaskDefinition', fittingTask(spec));
  return spec;
}

/** A task definition with the containers and ports that the service speaks of. */
function fittingTask(spec: Loose): object {
  const ports = new Map<string, Set<number>>([['fitting', new Set()]]);
  for (const { containerName, containerPort } of [...(spec.loadBalancers ?? []), ...(spec.serviceRegistries ?? [])]) {
    if (!containerName || !containerPort) continue;
    ports.set(containerName, (ports.get(containerName) ?? new Set()).add(Number(containerPort)));
  }
  const named = (spec.serviceConnectConfiguration?.services ?? []).map(({ portName }: Loose) => portName);
  return {
    family: 'fitting',
    cpu: '256',
    memory: '512',
    taskRoleArn: 'arn:aws:iam::123456789012:role/task',
    ...(spec.networkConfiguration?.awsvpcConfiguration ? { networkMode: 'awsvpc' } : {}),
    containerDefinitions: [...ports].map(([name, mapped]) => ({
      name,
      image: 'nginx',
      portMappings: [
        ...[...mapped].map((containerPort) => ({ containerPort })),
        ...(name === 'fitting'
          ? named.map((port: string, at: number) => ({ name: port, containerPort: 9000 + at }))
          : []),
      ],
    })),
  };
}

function namespace(web: OneService): string {
  web.aws('CreateHttpNamespace', { Name: 'some', CreatorRequestId: 'some' }, 'servicediscovery');
  web.wait(600);
  return 'some';
}

function registryArn(web: OneService): string {
  namespace(web);
  const [{ Id }] = web.aws('ListNamespaces', {}, 'servicediscovery').Namespaces;
  const request = { Name: 'some', NamespaceId: Id, CreatorRequestId: '1' };
  return web.aws('CreateService', request, 'servicediscovery').Service.Arn;
}
