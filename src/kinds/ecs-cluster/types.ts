import type { Cluster } from '@aws-sdk/client-ecs';
import type { DesiredBase, ObservedBase, TagMap } from '../../reconcile/kind.ts';
import type { JsonObject } from '../../shape/shape.ts';
import type { NamedNamespace } from '../service-connect-namespace.ts';

export interface ClusterDesired extends DesiredBase {
  /** The declared members of CreateCluster, normalised, with references resolved; without clusterName and tags. */
  readonly request: JsonObject;
  readonly tags: TagMap;
}

export interface ClusterObserved extends ObservedBase {
  readonly cluster: Cluster | undefined;
  /** The live default namespace, where the spec gives one by its name. */
  readonly namespace: NamedNamespace | undefined;
}

export type ClusterAction =
  | { readonly type: 'CreateCluster'; readonly request: JsonObject }
  /** Settings, configuration, Service Connect defaults. */
  | { readonly type: 'UpdateCluster'; readonly request: JsonObject; readonly changes: readonly string[] }
  /** AWS replaces both lists at once. */
  | {
      readonly type: 'PutClusterCapacityProviders';
      readonly request: JsonObject;
      readonly changes: readonly string[];
    }
  | { readonly type: 'TagResource'; readonly arn: string; readonly tags: TagMap }
  | { readonly type: 'UntagResource'; readonly arn: string; readonly keys: readonly string[] }
  | { readonly type: 'DeleteCluster' };
