import type { Cluster, Service, Task } from '@aws-sdk/client-ecs';
import { shortName } from './batches.ts';
import { AwsCallError } from './errors.ts';
import type { Operation, OperationInput, OperationOutput } from './operations.ts';

/** A gateway bound to an account, a signal and a priority. */
export interface Reader {
  call<O extends Operation>(operation: O, input: OperationInput<O>): Promise<OperationOutput<O>>;
}

/**
 * Reads one service, with its tags.
 * @param at.cluster name or ARN @param at.service name or ARN
 * @returns `MISSING` when AWS knows no service of that name; an INACTIVE one it still describes for a while.
 * @throws AwsCallError, with `missing: 'cluster'` when the cluster is not there.
 */
export async function describeService(
  aws: Reader,
  at: { readonly cluster: string; readonly service: string },
): Promise<Service | 'MISSING'> {
  const operation = 'ecs.DescribeServices';
  const output = await aws.call(operation, { cluster: at.cluster, services: [at.service], include: ['TAGS'] });
  return output.services?.[0] ?? missing(operation, at.service, output.failures);
}

/** Reads one cluster with all that it may include. @returns `MISSING` when AWS does not know it. @throws AwsCallError */
export async function describeCluster(aws: Reader, cluster: string): Promise<Cluster | 'MISSING'> {
  const operation = 'ecs.DescribeClusters';
  const output = await aws.call(operation, { clusters: [cluster], include: ['CONFIGURATIONS', 'SETTINGS', 'TAGS'] });
  return output.clusters?.[0] ?? missing(operation, cluster, output.failures);
}

/**
 * Reads tasks, e.g. those that stopped lately.
 * @returns those that AWS still knows; it forgets a stopped task after an hour or more. @throws AwsCallError
 */
export async function describeTasks(
  aws: Reader,
  at: { readonly cluster: string; readonly tasks: readonly string[] },
): Promise<readonly Task[]> {
  if (at.tasks.length === 0) return [];
  const output = await aws.call('ecs.DescribeTasks', { cluster: at.cluster, tasks: [...at.tasks] });
  return output.tasks ?? [];
}

interface Failure {
  readonly arn?: string | undefined;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
}

/** Only AWS's own word MISSING means that something is not there; a name that is left out of an answer does not. */
function missing(operation: Operation, name: string, failures: readonly Failure[] | undefined): 'MISSING' {
  const failure = failures?.[0];
  if (failure?.reason === 'MISSING') return 'MISSING';
  const why = failure
    ? [failure.reason, failure.detail].filter((word) => word !== undefined).join(': ')
    : 'the answer does not speak of it';
  throw new AwsCallError(`${operation.slice(operation.indexOf('.') + 1)} of ${shortName(name)}: ${why}`, {
    kind: 'Transient',
    code: failure?.reason ?? 'Incomplete',
    operation,
    effect: 'none',
  });
}
