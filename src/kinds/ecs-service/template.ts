import type { AwsSession, DesiredInput, Identity, LeafVerdict, Problem, TagMap } from '../../reconcile/kind.ts';
import type { JsonObject } from '../../shape/shape.ts';
import { observeOwnRevisions, observeRevisions } from '../ecs-task-definition/observe-revisions.ts';
import {
  CONTENT_TAG,
  type DesiredRevision,
  desiredRevision,
  newestFirst,
  type ObservedRevisions,
  revisionsToPrune,
} from '../ecs-task-definition/revision.ts';
import { planTags } from '../tag-plan.ts';
import type { EcsService, EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import type { EcsServiceAction, EcsServiceDesired, EcsServiceObserved, TemplateStatus } from './types.ts';

/** Own revisions that are kept for a way back, unless the spec says otherwise. */
const DEFAULT_HISTORY = 10;
/** As many as the CRD's schema takes. */
const MAX_RECORDS = 100;

const NO_REVISIONS: ObservedRevisions = { wanted: undefined, own: [], foreignRevisions: 0 };

/** What a template asks to be registered. Its family is the service's name unless it says another. */
export function templateRevision(
  { object, resolvedName }: DesiredInput<EcsServiceSpec, EcsServiceStatus>,
  template: JsonObject,
): DesiredRevision | { readonly problem: Problem } {
  const family = typeof template.family === 'string' && template.family !== '' ? template.family : resolvedName;
  const deleting = object.metadata.deletionTimestamp !== undefined;
  return desiredRevision({ template, family, path: 'taskDefinitionTemplate.', deleting });
}

/** The ARN that the template's content has in AWS; undefined while it is not registered. */
export function templateArn(observed: Pick<EcsServiceObserved, 'template'>): string | undefined {
  return observed.template?.wanted?.arn;
}

export interface TemplateInput {
  readonly object: EcsService;
  readonly desired: EcsServiceDesired;
  readonly identity: Identity;
}

/**
 * Finds the template's revision.
 * @param runs what the service runs, where that is known
 * @throws AwsCallError
 */
export async function observeTemplate(
  { object, desired, identity }: TemplateInput,
  aws: AwsSession,
  runs?: string,
): Promise<ObservedRevisions | undefined> {
  const wanted = desired.taskDefinition;
  if (wanted?.type !== 'template') return undefined;
  const { revisions: known = [], foreignRevisions: foreign = 0 } = object.status?.template ?? {};
  const adopt = object.spec.policy?.adoption === 'Adopt';
  return observeRevisions({ wanted: wanted.revision, identity, known, foreign, adopt, runs }, aws);
}

/** Whether a service runs a revision of the template's family, and the look at the family has shown none: it came late. */
export function isFamilyUnseen(
  { taskDefinition: wanted }: EcsServiceDesired,
  template: ObservedRevisions | undefined,
  runs: string,
): boolean {
  if (wanted?.type !== 'template' || template?.wanted !== undefined) return false;
  const { own = [], foreignRevisions = 0 } = template ?? {};
  return own.length === 0 && foreignRevisions === 0 && runs.includes(`task-definition/${wanted.revision.family}:`);
}

/** Every revision of ours, once the service that ran them is gone. @throws AwsCallError */
export async function observeLeftRevisions(
  { object, desired, identity }: TemplateInput,
  aws: AwsSession,
): Promise<ObservedRevisions | undefined> {
  const wanted = desired.taskDefinition;
  const known = object.status?.template?.revisions ?? [];
  if (wanted?.type === 'template') return observeOwnRevisions({ wanted: wanted.revision, identity, known }, aws);
  // The template left the spec, or cannot be read any more: what status knows is all there is to go by.
  return known.length === 0 ? undefined : { ...NO_REVISIONS, own: known };
}

/** Tags of the live revision that are to be written: the user's, ours, and the content's hash on an adopted one. */
export function templateTags({
  desired,
  observed,
  identity,
  judge,
}: Pick<TemplateInput, 'desired' | 'identity'> & {
  readonly observed: Pick<EcsServiceObserved, 'template'>;
  judge(path: string): LeafVerdict;
}): readonly EcsServiceAction[] {
  const found = observed.template?.wanted;
  if (desired.taskDefinition?.type !== 'template' || found === undefined) return [];
  const { userTags, contentHash } = desired.taskDefinition.revision;
  const ours: TagMap = { ...identity.tags, [CONTENT_TAG]: contentHash };
  const set = {
    ...planTags({ declared: userTags, live: found.tags, unset: [], judge }).set,
    ...Object.fromEntries(Object.entries(ours).filter(([key, value]) => found.tags[key] !== value)),
  };
  return Object.keys(set).length === 0 ? [] : [{ type: 'TagResource', arn: found.arn, tags: set }];
}

/** Old revisions that nothing runs any more; only after the rollout, so that AWS can still go back. */
export function templatePrune({
  object,
  desired,
  observed,
}: Pick<TemplateInput, 'object' | 'desired'> & { readonly observed: EcsServiceObserved }): readonly EcsServiceAction[] {
  const { template, service } = observed;
  const [only, ...others] = service?.deployments ?? [];
  if (desired.taskDefinition?.type !== 'template' || template === undefined || others.length > 0) return [];
  if (only?.rolloutState !== 'COMPLETED' || only.taskDefinition !== template.wanted?.arn) return [];
  const limit = object.spec.revisionHistoryLimit ?? DEFAULT_HISTORY;
  return revisionsToPrune(template, { limit, inUse: new Set() }).map(deregister);
}

/** All of ours, for the deletion. */
export function templateDeletion({ template }: Pick<EcsServiceObserved, 'template'>): readonly EcsServiceAction[] {
  return (template?.own ?? []).map(({ arn }) => deregister(arn));
}

function deregister(arn: string): EcsServiceAction {
  return { type: 'DeregisterTaskDefinition', arn };
}

/** What status remembers of a template's revisions; of one that left the spec, what it left in AWS. */
export function templateStatus(
  desired: EcsServiceDesired,
  observed: Pick<EcsServiceObserved, 'template'>,
  status: EcsServiceStatus | undefined,
): TemplateStatus | undefined {
  const wanted = desired.taskDefinition;
  const revisions = observed.template;
  if (wanted?.type !== 'template' || revisions === undefined) return status?.template;
  const { family, contentHash } = wanted.revision;
  const records = revisions.wanted === undefined ? [] : [{ arn: revisions.wanted.arn, contentHash }];
  return {
    family,
    revisions: newestFirst([...revisions.own, ...records]).slice(0, MAX_RECORDS),
    ...(revisions.foreignRevisions === 0 ? {} : { foreignRevisions: revisions.foreignRevisions }),
  };
}
