import type { KubeObject } from '../kube/object.ts';
import type { AwsAccount } from './account.ts';
import type { KindName } from './kind.ts';
import type { LinkKey } from './references.ts';
import type { EcsObject } from './types.ts';

/** What a reconcile may read of Kubernetes: the caches, never the API server. */
export interface ClusterView {
  object(kind: KindName, namespace: string, name: string): EcsObject | undefined;
  namespace(name: string): KubeObject | undefined;
  account(name: string): AwsAccount | undefined;
  /** Whether all our objects of a namespace are looked at here (`--namespace`, `--selector`). */
  seesAll(namespace: string): boolean;
  /** Objects whose spec refers to this one, in whatever state. */
  dependents(key: LinkKey): readonly EcsObject[];
}
