import { stringify } from 'yaml';
import type { ClusterAccess } from './admin-client.ts';

/** A kubeconfig (YAML) with one context of the given name, which trusts exactly the cluster's own authority. */
export function kubeconfigFor(access: ClusterAccess, name = 'ecs-operator-dev'): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    clusters: [
      {
        name,
        cluster: { server: access.url, 'certificate-authority-data': Buffer.from(access.ca).toString('base64') },
      },
    ],
    users: [{ name, user: { token: access.token } }],
  });
}
