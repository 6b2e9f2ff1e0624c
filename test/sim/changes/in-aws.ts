import type { Hands } from '../scenarios/scenario.ts';

/** What AWS has of one object's declarations, path → value, without history. */
export type InAws = ReadonlyMap<string, string>;

/** Members that say how far something is, how often and when it was made, and what it is called by AWS. */
const PASSING =
  /^(events|deployments|.*Count|.*At|.*Date|.*Arn|status|revision|requiresAttributes|compatibilities|currentServiceRevisions|id|createdBy|creatorRequestId|instances|instanceIds|revisions|statistics|attachments|attachmentsStatus|registeredBy|taskDefinition|phase|arn|incarnation|operations|resolvedConfiguration|containerImages|hostedZoneId)$/;
/** What is declared, though it looks like that. */
const DECLARED =
  /^(desiredCount|taskRoleArn|executionRoleArn|.*TargetGroupArn|targetGroupArn|hookTargetArn|registryArn|roleArn|fileSystemArn|accessPointArn|issuerCertificateAuthority|awsPcaAuthorityArn|healthyThresholdCount|unhealthyThresholdCount)$/;

/** What AWS shows of the object of that kind, by its own calls. */
export function inAws(kind: string, hands: Pick<Hands, 'aws' | 'kube'>): InAws {
  const found = new Map<string, string>();
  flatten(shown(kind, hands), '', found);
  return found;
}

function shown(kind: string, { aws, kube }: Pick<Hands, 'aws' | 'kube'>): unknown {
  switch (kind) {
    case 'EcsService': {
      // Safe: what DescribeServices and DescribeServiceRevisions answer.
      const { services } = aws.call('ecs', 'DescribeServices', {
        cluster: 'shop',
        services: ['api'],
        include: ['TAGS'],
      }) as { services: { currentServiceRevisions?: { arn: string }[] }[] };
      const serviceRevisionArns = services.flatMap((one) => (one.currentServiceRevisions ?? []).map(({ arn }) => arn));
      if (serviceRevisionArns.length === 0) return services;
      const revisions = aws.call('ecs', 'DescribeServiceRevisions', { serviceRevisionArns });
      return { services, inRevision: Reflect.get(revisions, 'serviceRevisions') };
    }
    case 'EcsCluster':
      return aws.call('ecs', 'DescribeClusters', {
        clusters: ['shop'],
        include: ['CONFIGURATIONS', 'SETTINGS', 'TAGS'],
      });
    case 'EcsTaskDefinition':
      // Safe: what DescribeTaskDefinition answers.
      return withoutRoot(
        aws.call('ecs', 'DescribeTaskDefinition', { taskDefinition: arnOf(kube), include: ['TAGS'] }) as Definition,
      );
    case 'CloudMapNamespace':
      return aws.state().servicediscovery.namespaces;
    case 'CloudMapService':
      return aws.state().servicediscovery.services;
    default:
      throw new Error(`nothing in AWS is a ${kind}`);
  }
}

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (value === undefined || value === null || value instanceof Date) return;
  if (typeof value !== 'object') {
    into.set(path, String(value));
    return;
  }
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) flatten(item, `${path}[${at}]`, into);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    if (!PASSING.test(name) || DECLARED.test(name)) flatten(member, `${path}.${name}`, into);
  }
}

/** What changed, a line each. */
export function changes(before: InAws, now: InAws): readonly string[] {
  const paths = [...new Set([...before.keys(), ...now.keys()])].filter((path) => before.get(path) !== now.get(path));
  return paths.map((path) => `${path}: ${before.get(path) ?? 'nothing'} → ${now.get(path) ?? 'nothing'}`);
}

interface Definition {
  readonly taskDefinition: object;
  readonly tags?: readonly object[];
}

function withoutRoot({ taskDefinition, tags }: Definition): object {
  return { definition: taskDefinition, tags };
}

/** The revision that the task definition has come to. */
function arnOf(kube: Hands['kube']): unknown {
  return kube.object('EcsTaskDefinition', 'api')?.status?.arn;
}

/** Whether a value stands at a member of that name. */
export function shows(state: InAws, member: string, value: string): boolean {
  const wanted = `.${member.toLowerCase()}`;
  return [...state].some(([path, found]) => found.includes(value) && path.toLowerCase().includes(wanted));
}
