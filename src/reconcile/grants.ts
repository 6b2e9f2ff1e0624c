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
        const roleArn = fullRoleArn(request.roleArn, account.accountId);
        if (grants.passRoleArns?.some((pattern) => matchesGlob(pattern, roleArn))) continue;
        return {
          reason: 'RoleNotPermitted',
          message: `${request.path}: AwsAccount ${name} does not let this namespace pass role ${roleArn}; add it to spec.passRoleArns of the AwsAccount`,
        };
      }
      case 'cluster': {
        const cluster = clusterName(request.cluster);
        if (
          grants.clusters?.some((pattern) => matchesGlob(pattern, request.cluster) || matchesGlob(pattern, cluster))
        ) {
          continue;
        }
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
function fullRoleArn(role: string, accountId: string | undefined): string {
  return role.startsWith('arn:') ? role : `arn:aws:iam::${accountId ?? ''}:role/${role.replace(/^\//, '')}`;
}

function clusterName(cluster: string): string {
  return cluster.startsWith('arn:') ? cluster.slice(cluster.lastIndexOf('/') + 1) : cluster;
}
