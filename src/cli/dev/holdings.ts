import { elements, member, text } from '../../devcluster/json.ts';
import type { FakeAws } from '../../fake-aws/fake-aws.ts';

export interface HoldingsOptions {
  readonly fake: FakeAws;
  readonly accountId: string;
  readonly region: string;
}

/** What the fake AWS holds, in a few lines for a person. */
export function holdings({ fake, accountId, region }: HoldingsOptions): readonly string[] {
  const ask = (service: 'ecs' | 'servicediscovery', operation: string, input: object) =>
    fake.handle({ service, operation, input, accountId, region });
  const lines: string[] = [];
  for (const cluster of elements(member(ask('ecs', 'ListClusters', {}), 'clusterArns')).map(text)) {
    if (cluster === undefined) continue;
    lines.push(`ECS cluster ${shortName(cluster)}`);
    const services = elements(member(ask('ecs', 'ListServices', { cluster, maxResults: 10 }), 'serviceArns'));
    if (services.length === 0) continue;
    for (const service of elements(member(ask('ecs', 'DescribeServices', { cluster, services }), 'services'))) {
      const counts = `${member(service, 'runningCount')} of ${member(service, 'desiredCount')} tasks running`;
      const definition = shortName(text(member(service, 'taskDefinition')) ?? '');
      lines.push(`  service ${member(service, 'serviceName')}: ${counts}, task definition ${definition}`);
    }
  }
  for (const namespace of elements(member(ask('servicediscovery', 'ListNamespaces', {}), 'Namespaces'))) {
    lines.push(`Cloud Map namespace ${member(namespace, 'Name')} (${member(namespace, 'Type')})`);
    const filters = [{ Name: 'NAMESPACE_ID', Values: [member(namespace, 'Id')] }];
    for (const service of elements(member(ask('servicediscovery', 'ListServices', { Filters: filters }), 'Services'))) {
      const listed = ask('servicediscovery', 'ListInstances', { ServiceId: member(service, 'Id') });
      const addresses = elements(member(listed, 'Instances')).map((one) =>
        member(one, 'Attributes', 'AWS_INSTANCE_IPV4'),
      );
      lines.push(
        `  service ${member(service, 'Name')}: ${addresses.length === 0 ? 'no instances' : addresses.join(', ')}`,
      );
    }
  }
  return lines;
}

function shortName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
