import type {
  DescribeServiceDeploymentsRequest,
  DescribeServiceRevisionsRequest,
  Failure,
  ListServiceDeploymentsRequest,
  ServiceDeployment,
  ServiceRevision,
  StopServiceDeploymentRequest,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import { nowOf } from '../core/scope.ts';
import { resourceOf } from './arns.ts';
import type { Checked } from './checked-input.ts';
import { rollBack } from './circuit-breaker.ts';
import type { EcsContext } from './context.ts';
import { conflict, invalidParameter } from './errors.ts';
import { pageSize } from './page-size.ts';
import type { RevisionRecord, ServiceRecord } from './records.ts';
import { endServiceDeployment, isOpen, serviceDeploymentBrief, serviceDeploymentView } from './service-deployments.ts';
import { revisionView } from './service-revisions.ts';

export function describeServiceDeployments(ctx: EcsContext, input: Checked<DescribeServiceDeploymentsRequest>): object {
  checkBatch(input.serviceDeploymentArns);
  const serviceDeployments: ServiceDeployment[] = [];
  const failures: Failure[] = [];
  for (const arn of input.serviceDeploymentArns) {
    const found = ctx.state.serviceDeployments.get(arn);
    if (found) serviceDeployments.push(serviceDeploymentView(found));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { serviceDeployments, failures };
}

/** Newest first. */
export function listServiceDeployments(ctx: EcsContext, input: Checked<ListServiceDeploymentsRequest>): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  const service = ctx.state.existingService(cluster, input.service);
  const { status = [], createdAt, nextToken } = input;
  const all = service.serviceDeployments.filter(
    (deployment) =>
      (status.length === 0 || status.includes(deployment.status)) &&
      (createdAt?.before === undefined || deployment.createdAt <= createdAt.before) &&
      (createdAt?.after === undefined || deployment.createdAt >= createdAt.after),
  );
  const maxResults = pageSize(input.maxResults, { usual: 20, most: 100 });
  const page = pageOf({ all, keyOf: ({ arn }) => arn, maxResults, nextToken });
  return { serviceDeployments: page.items.map(serviceDeploymentBrief), nextToken: page.nextToken };
}

/** ABORT leaves things as they stand, ROLLBACK (the default) goes back to the last completed revision. */
export function stopServiceDeployment(ctx: EcsContext, input: Checked<StopServiceDeploymentRequest>): object {
  const current = ctx.state.serviceDeployments.get(input.serviceDeploymentArn);
  if (!current) {
    throw new AwsError({
      code: 'ServiceDeploymentNotFoundException',
      message: 'The specified service deployment was not found.',
    });
  }
  const { service, arn } = current;
  const [primary] = service.deployments;
  if (!isOpen(current) || !primary) {
    throw conflict(`The service deployment ${arn} cannot be stopped: it is ${current.status}.`, [arn]);
  }
  const reason = 'Service deployment stopped by a StopServiceDeployment request.';
  if (input.stopType === 'ABORT') {
    primary.rolloutState = 'FAILED';
    primary.rolloutStateReason = `ECS deployment ${primary.id} was stopped.`;
    primary.updatedAt = nowOf(ctx.scope);
    endServiceDeployment(ctx, current, { status: 'STOPPED', reason });
  } else if (current.rollback === undefined) {
    primary.rolloutState = 'FAILED';
    primary.rolloutStateReason = `ECS deployment ${primary.id} was stopped.`;
    rollBack(ctx, service, { deployment: primary, by: 'ECS deployment stop request', reason });
  }
  return { serviceDeploymentArn: arn };
}

export function describeServiceRevisions(ctx: EcsContext, input: Checked<DescribeServiceRevisionsRequest>): object {
  checkBatch(input.serviceRevisionArns);
  const serviceRevisions: ServiceRevision[] = [];
  const failures: Failure[] = [];
  for (const arn of input.serviceRevisionArns) {
    const found = findRevision(ctx, arn);
    if (found) serviceRevisions.push(revisionView(found.service, found.revision));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { serviceRevisions, failures };
}

function findRevision(
  ctx: EcsContext,
  arn: string,
): { readonly service: ServiceRecord; readonly revision: RevisionRecord } | undefined {
  const match = /^service-revision\/([^/]+)\/([^/]+)\//.exec(resourceOf(ctx.scope, arn) ?? '');
  const cluster = match?.[1] === undefined ? undefined : ctx.state.cluster(match[1]);
  const service = cluster && match?.[2] !== undefined ? ctx.state.service(cluster, match[2]) : undefined;
  const revision = service?.revisions.get(arn);
  return service && revision ? { service, revision } : undefined;
}

function checkBatch(arns: readonly string[]): void {
  if (arns.length === 0) throw invalidParameter('At least one ARN must be given.');
  if (arns.length > 20) throw invalidParameter('A maximum of 20 ARNs can be described at once.');
}
