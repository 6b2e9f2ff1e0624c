import type { DesiredBase, ObservedBase, TagMap } from '../../reconcile/kind.ts';
import type { CommonStatus, EcsObject, OwnSpec } from '../../reconcile/types.ts';
import type { DesiredRevision, ObservedRevisions, RevisionRecord } from './revision.ts';

/** The spec of an EcsTaskDefinition: AWS's part (the members of RegisterTaskDefinition) and ours. */
export interface EcsTaskDefinitionSpec extends OwnSpec {
  /** Own ACTIVE revisions that are kept; 0 keeps all. Default 10. */
  readonly revisionHistoryLimit?: number;
  /** AWS's part, as it stands in the manifest. */
  readonly [member: string]: unknown;
}

export interface EcsTaskDefinitionStatus extends CommonStatus {
  readonly family?: string;
  readonly revision?: number;
  readonly contentHash?: string;
  /** Our own ACTIVE revisions, newest first. */
  readonly revisions?: readonly RevisionRecord[];
  /** ACTIVE revisions of the family that are not ours, as far as we met them. */
  readonly foreignRevisions?: number;
}

export type EcsTaskDefinition = EcsObject<EcsTaskDefinitionSpec, EcsTaskDefinitionStatus>;

export interface TaskDefinitionDesired extends DesiredBase {
  readonly revision: DesiredRevision;
  readonly historyLimit: number;
}

export interface TaskDefinitionObserved extends ObservedBase {
  readonly revisions: ObservedRevisions;
}

export type TaskDefinitionAction =
  | { readonly type: 'RegisterTaskDefinition'; readonly family: string }
  | { readonly type: 'TagResource'; readonly arn: string; readonly tags: TagMap }
  | { readonly type: 'UntagResource'; readonly arn: string; readonly keys: readonly string[] }
  | { readonly type: 'DeregisterTaskDefinition'; readonly arn: string; readonly why: 'history' | 'deletion' };
