import { elements, member, text } from '../../src/devcluster/json.ts';
import { fargateService, fargateTask, type Kind, type Live, type World } from './world.ts';

/**
 * One of everything, linked: a cluster, a Cloud Map namespace and service, a task definition, a service that refers to
 * them all and one with a template.
 */
export const WHOLE = [
  ['EcsCluster', 'main'],
  ['CloudMapNamespace', 'local'],
  ['CloudMapService', 'web'],
  ['EcsTaskDefinition', 'web'],
  ['EcsService', 'web'],
  ['EcsService', 'inline'],
] as const satisfies readonly (readonly [Kind, string])[];

/** An object of each kind, each in its shortest form. */
export async function applyWhole(world: World): Promise<void> {
  await world.apply('EcsCluster', 'main', {});
  await world.apply('CloudMapNamespace', 'local', { type: 'DNS_PRIVATE', name: 'apps.local', vpc: 'vpc-1' });
  await world.apply('CloudMapService', 'web', {
    namespaceRef: { name: 'local' },
    dnsConfig: { dnsRecords: [{ type: 'A', ttl: 15 }] },
  });
  await world.apply('EcsTaskDefinition', 'web', fargateTask('app:1'));
  const registries = { serviceRegistries: [{ cloudMapServiceRef: { name: 'web' } }] };
  await world.apply('EcsService', 'web', fargateService('web', registries));
  await world.apply('EcsService', 'inline', templateService(fargateTask('app:1')));
}

/** A service with its task definition inline. */
export function templateService(template: object, more: object = {}): object {
  const { taskDefinitionRef: _none, ...service } = fargateService('') as Record<string, unknown>;
  return { ...service, taskDefinitionTemplate: template, ...more };
}

/** Waits until all of it is Ready. */
export async function readyWhole(world: World): Promise<readonly Live[]> {
  return Promise.all(WHOLE.map(([kind, name]) => world.ready(kind, name)));
}

/** What the fake holds, each as `<kind> <name>`: what is ACTIVE or on its way out, not what is gone. */
export function holdings(world: World): readonly string[] {
  const found: string[] = [];
  const clusters = elements(world.aws('ecs', 'ListClusters', {}).clusterArns).map(String);
  for (const cluster of clusters) {
    found.push(`cluster ${shortName(cluster)}`);
    const services = elements(world.aws('ecs', 'ListServices', { cluster }).serviceArns).map(String);
    found.push(...services.map((arn) => `service ${shortName(arn)}`));
  }
  const revisions = elements(world.aws('ecs', 'ListTaskDefinitions', { status: 'ACTIVE' }).taskDefinitionArns);
  found.push(...revisions.map((arn) => `task definition ${shortName(String(arn))}`));
  for (const namespace of elements(world.aws('servicediscovery', 'ListNamespaces', {}).Namespaces)) {
    found.push(`namespace ${text(member(namespace, 'Name'))}`);
  }
  for (const service of elements(world.aws('servicediscovery', 'ListServices', {}).Services)) {
    found.push(`discovery service ${text(member(service, 'Name'))}`);
  }
  return found.sort();
}

function shortName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** Tags of a resource, in whichever of the services it is. */
export function tagsOf(world: World, arn: string): Readonly<Record<string, string>> {
  if (!arn.includes(':servicediscovery:')) return world.tags(arn);
  const { Tags } = world.aws('servicediscovery', 'ListTagsForResource', { ResourceARN: arn });
  return Object.fromEntries(elements(Tags).map((tag) => [text(member(tag, 'Key')), text(member(tag, 'Value'))]));
}

/** Takes tags off, as a person does in the console. */
export function untag(world: World, arn: string, keys: readonly string[]): void {
  if (arn.includes(':servicediscovery:')) {
    world.aws('servicediscovery', 'UntagResource', { ResourceARN: arn, TagKeys: keys });
  } else world.aws('ecs', 'UntagResource', { resourceArn: arn, tagKeys: keys });
}

/** Takes the ownership tags off. @returns their keys, sorted. */
export function stripTags(world: World, arn: string): readonly string[] {
  const keys = Object.keys(tagsOf(world, arn)).filter((key) => key.startsWith('ecs-operator.dev/'));
  untag(world, arn, keys);
  return keys.sort();
}

/** Makes the operator look at an object once more, as any change of its annotations does. */
export async function nudge(world: World, kind: Kind, name: string, word: string): Promise<void> {
  await world.patch(kind, name, { metadata: { annotations: { look: word } } });
}
