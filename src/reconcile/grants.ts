import type { GrantingAccount } from './account.ts';
import { matchesGlob } from './glob.ts';
import type { GrantRequest, Problem } from './kind.ts';

/**
 * Checks what a spec names on its own, roles and clusters, against what its account grants (rule 13 of the design).
 * @returns the first request that is not granted, said so that a person can grant it.
 */
export function refusedGrant(requests: readonly GrantRequest[], account: GrantingAccount): Problem | undefined {
  const grants = account.object?.spec;
  if (grants === undefined) return undefined;
  const name = account.object?.metadata.name;
  for (const request of requests) {
    switch (request.kind) {
      case 'passRole': {
        const roleArn = fullRoleArn(request.roleArn, account);
        if (grants.passRoleArns?.some((pattern) => matchesGlob(pattern, roleArn))) continue;
        return {
          reason: 'RoleNotPermitted',
          message: `${request.path}: AwsAccount ${name} does not let this namespace pass role ${roleArn}; add it to spec.passRoleArns of the AwsAccount`,
        };
      }
      case 'cluster': {
        const { cluster } = request;
        if (isGranted(cluster, grants.clusters ?? [], account)) continue;
        return {
          reason: 'ClusterNotPermitted',
          message: `${request.path}: AwsAccount ${name} does not let this namespace name cluster ${cluster}; add it to spec.clusters of the AwsAccount, or use clusterRef`,
        };
      }
      default:
        request satisfies never;
    }
  }
  return undefined;
}

/** ECS takes a role by its bare name too; grants are patterns of ARNs. */
function fullRoleArn(role: string, account: GrantingAccount): string {
  if (role.startsWith('arn:')) return role;
  return `arn:${partitionOf(account)}:iam::${account.accountId ?? ''}:role/${role.replace(/^\//, '')}`;
}

const CLUSTER_ARN = /^arn:[^:]+:ecs:([^:]+):([^:]+):cluster\/([^:/]+)$/;

/**
 * A pattern of names speaks of clusters in the account and its region, however they are written; only a pattern of ARNs
 * can speak of others. So `dev` does not let through the ARN of another account's `dev`.
 */
function isGranted(cluster: string, patterns: readonly string[], account: GrantingAccount): boolean {
  const { region } = account.target;
  const [, inRegion, inAccount, shortName] = CLUSTER_ARN.exec(cluster) ?? [];
  const isArn = cluster.startsWith('arn:');
  const isHere = inRegion === region && inAccount === account.accountId;
  const name = isArn ? (isHere ? shortName : undefined) : cluster;
  const arn = isArn
    ? cluster
    : `arn:${partitionOf(account)}:ecs:${region}:${account.accountId ?? ''}:cluster/${cluster}`;
  return patterns.some((pattern) =>
    pattern.startsWith('arn:') ? matchesGlob(pattern, arn) : name !== undefined && matchesGlob(pattern, name),
  );
}

/** `aws`, `aws-cn`, …: as in the ARN by which STS calls us there. */
function partitionOf({ object }: GrantingAccount): string {
  return object?.status?.callerArn?.split(':')[1] ?? 'aws';
}
