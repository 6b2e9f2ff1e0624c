import type { Service } from '@aws-sdk/client-servicediscovery';
import type { DesiredBase, ObservedBase, Problem, TagMap } from '../../reconcile/kind.ts';
import type { JsonObject } from '../../shape/shape.ts';
import type { CloudMapOperation } from '../cloud-map-operation.ts';

export interface DiscoveryServiceDesired extends DesiredBase {
  /** `ns-…`; undefined only during a deletion, when nobody knows it any more. */
  readonly namespaceId: string | undefined;
  /** The declared members, normalised; without name, namespace and tags. */
  readonly request: JsonObject;
  readonly tags: TagMap;
}

export interface DiscoveryServiceObserved extends ObservedBase {
  readonly service: Service | undefined;
  /** What AWS is at, or how the last one that we asked for ended. */
  readonly operation: CloudMapOperation | undefined;
  /** Why creating it is of no use. */
  readonly obstacle: Problem | undefined;
}

export type DiscoveryServiceAction =
  | { readonly type: 'CreateService' }
  /** `request` says all that is to stay: what an update leaves out, AWS takes away. */
  | {
      readonly type: 'UpdateService';
      readonly id: string;
      readonly request: JsonObject;
      readonly changes: readonly string[];
    }
  | { readonly type: 'TagResource'; readonly arn: string; readonly tags: TagMap }
  | { readonly type: 'UntagResource'; readonly arn: string; readonly keys: readonly string[] }
  | { readonly type: 'DeleteService'; readonly id: string };
