import type { DesiredBase, ObservedBase, TagMap } from '../../reconcile/kind.ts';
import type { DesiredRevision, ObservedRevisions } from './revision.ts';

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
