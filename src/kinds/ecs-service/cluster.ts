/** The name of a cluster that is given by name or by ARN (`arn:aws:ecs:<region>:<account>:cluster/<name>`). */
export function clusterName(cluster: string): string {
  return cluster.startsWith('arn:') ? cluster.slice(cluster.lastIndexOf('/') + 1) : cluster;
}
