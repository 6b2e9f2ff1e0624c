import type { Namespace } from '@aws-sdk/client-servicediscovery';
import type { DesiredBase, ObservedBase, Problem, TagMap } from '../../reconcile/kind.ts';
import type { JsonObject } from '../../shape/shape.ts';
import type { CloudMapOperation } from '../cloud-map-operation.ts';
import type { CloudMapNamespaceSpec } from './schema.ts';

export type NamespaceType = CloudMapNamespaceSpec['type'];

export interface NamespaceDesired extends DesiredBase {
  readonly type: NamespaceType;
  /** The declared members, normalised; without name and tags. */
  readonly request: JsonObject;
  readonly tags: TagMap;
}

export interface NamespaceObserved extends ObservedBase {
  readonly namespace: Namespace | undefined;
  /** What AWS is at, or how the last one that we asked for ended. */
  readonly operation: CloudMapOperation | undefined;
  /** Why neither creating nor adopting would be right. */
  readonly obstacle: Problem | undefined;
}

export type NamespaceAction =
  | { readonly type: 'CreateNamespace' }
  | { readonly type: 'UpdateNamespace'; readonly id: string; readonly change: NamespaceChange }
  | { readonly type: 'TagResource'; readonly arn: string; readonly tags: TagMap }
  | { readonly type: 'UntagResource'; readonly arn: string; readonly keys: readonly string[] }
  | { readonly type: 'DeleteNamespace'; readonly id: string };

/** What of a namespace can be changed. An empty description takes it away. */
export interface NamespaceChange {
  readonly description?: string;
  /** Seconds. */
  readonly soaTtl?: number;
}
