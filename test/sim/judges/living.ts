import { PREFIX } from '../../../src/reconcile/annotations.ts';
import type { AwsState } from '../world/aws-hands.ts';

/** A resource of AWS that is in use, as opposed to one that is only remembered. */
export interface Living {
  readonly arn: string;
  readonly type: 'cluster' | 'service' | 'taskDefinition' | 'cloudMapNamespace' | 'cloudMapService';
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whose it is by its tags, `<Kind>/<namespace>/<name>`; undefined when it has no tags of ours. */
  readonly owner: string | undefined;
  /** Of which installation, by its tags. */
  readonly installation: string | undefined;
}

/** Everything in AWS that costs, runs or takes a name. */
export function livingOf({ ecs, servicediscovery }: AwsState): readonly Living[] {
  const clusters = ecs.clusters.filter(({ status }) => status !== 'INACTIVE');
  return [
    ...clusters.map((one) => living('cluster', one.clusterArn, one.clusterName, listed(one.tags))),
    ...ecs.clusters.flatMap(({ services }) =>
      services
        .filter(({ status }) => status !== 'INACTIVE')
        .map((one) => living('service', one.serviceArn, one.serviceName, listed(one.tags))),
    ),
    ...ecs.taskDefinitions
      .filter(({ status }) => status === 'ACTIVE')
      .map((one) => living('taskDefinition', one.taskDefinitionArn, one.family, listed(one.tags))),
    ...servicediscovery.namespaces.map((one) => living('cloudMapNamespace', one.arn, one.name, one.tags)),
    ...servicediscovery.services.map((one) => living('cloudMapService', one.arn, one.name, one.tags)),
  ];
}

function living(type: Living['type'], arn: string, name: string, tags: Readonly<Record<string, string>>): Living {
  const kind = tags[`${PREFIX}/kind`];
  const owner = kind && `${kind}/${tags[`${PREFIX}/namespace`] ?? ''}/${tags[`${PREFIX}/name`] ?? ''}`;
  return { type, arn, name, tags, owner, installation: tags[`${PREFIX}/installation`] };
}

function listed(tags: readonly { readonly key?: string; readonly value?: string }[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
}
