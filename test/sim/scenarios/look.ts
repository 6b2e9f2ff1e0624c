import type { AwsState } from '../world/aws-hands.ts';
import type { Hands } from './scenario.ts';

type Cluster = AwsState['ecs']['clusters'][number];
type Service = Cluster['services'][number];

/** @throws Error with those words unless it holds. */
export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

/** The living cluster of that name. @throws Error unless there is exactly one. */
export function clusterIn({ aws }: Pick<Hands, 'aws'>, name = 'shop'): Cluster {
  const found = aws.state().ecs.clusters.filter((one) => one.clusterName === name && one.status !== 'INACTIVE');
  const [cluster] = found;
  if (cluster === undefined || found.length > 1) throw new Error(`there are ${found.length} clusters ${name}, not one`);
  return cluster;
}

/** The living service of that name. @throws Error unless there is exactly one. */
export function serviceIn(hands: Pick<Hands, 'aws'>, name = 'api'): Service {
  const found = clusterIn(hands).services.filter((one) => one.serviceName === name && one.status === 'ACTIVE');
  const [service] = found;
  if (service === undefined || found.length > 1) throw new Error(`there are ${found.length} services ${name}, not one`);
  return service;
}

/** @throws Error unless the service runs that image; which revision holds it is history. */
export function mustRun(hands: Pick<Hands, 'aws'>, image: string): void {
  const { taskDefinition } = serviceIn(hands);
  const found = hands.aws.state().ecs.taskDefinitions.find((one) => one.taskDefinitionArn === taskDefinition);
  const images = found?.containerDefinitions.map((one) => one.image).join();
  must(images === image, `the service runs ${images} (${taskDefinition}), not ${image}`);
}

/** @throws Error unless AWS made so many deployments of the service in its life: one for each content. */
export function mustHaveDeployed(hands: Pick<Hands, 'aws' | 'world'>, times: number): void {
  const { length } = serviceIn(hands).serviceDeployments;
  const most = times + hands.world.doubled('ecs.UpdateService');
  must(length >= times && length <= most, `there were ${length} deployments, not ${times}`);
}

/** @throws Error unless so many revisions were registered in all. */
export function mustHaveRegistered({ aws, world }: Pick<Hands, 'aws' | 'world'>, times: number): void {
  const { length } = aws.state().ecs.taskDefinitions;
  const expected = times + world.doubled('ecs.RegisterTaskDefinition');
  must(length === expected, `there are ${length} revisions, not ${expected}`);
}

/** @throws Error unless AWS shows those members of the service. */
export function mustShow(shown: object, members: Readonly<Record<string, unknown>>): void {
  for (const [name, expected] of Object.entries(members)) {
    const found: unknown = Reflect.get(shown, name);
    must(JSON.stringify(found) === JSON.stringify(expected), `${name} is ${JSON.stringify(found)}`);
  }
}

/** The tags of something, but for ours. */
export function tagsOf(shown: {
  readonly tags?: readonly { readonly key?: string; readonly value?: string }[];
}): Readonly<Record<string, string>> {
  const entries = (shown.tags ?? []).map(({ key = '', value = '' }): [string, string] => [key, value]);
  return Object.fromEntries(entries.filter(([key]) => !key.startsWith('ecs-operator.dev/')));
}

/** The images of the revisions that can still be run, each once. */
export function activeImages({ aws }: Pick<Hands, 'aws'>): string {
  const active = aws.state().ecs.taskDefinitions.filter(({ status }) => status === 'ACTIVE');
  return [...new Set(active.flatMap((one) => one.containerDefinitions.map(({ image }) => image)))].join();
}

/** @throws Error unless all objects and everything in AWS are gone. */
export function mustBeGone({ kube, aws }: Pick<Hands, 'kube' | 'aws'>): void {
  const left = kube.objects().filter(({ kind }) => kind !== 'AwsAccount');
  must(left.length === 0, `still there: ${left.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')}`);
  const { ecs, servicediscovery } = aws.state();
  const living = [
    ...ecs.clusters.filter(({ status }) => status !== 'INACTIVE').map(({ clusterArn }) => clusterArn),
    ...ecs.taskDefinitions.filter(({ status }) => status === 'ACTIVE').map((one) => one.taskDefinitionArn),
    ...servicediscovery.namespaces.map(({ arn }) => arn),
    ...servicediscovery.services.map(({ arn }) => arn),
  ];
  must(living.length === 0, `still in AWS: ${living.join(', ')}`);
}
