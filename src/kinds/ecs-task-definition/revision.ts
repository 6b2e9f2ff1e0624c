import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import { lacking } from '../../aws/answer.ts';
import type { Operation } from '../../aws/operations.ts';
import { PREFIX } from '../../reconcile/annotations.ts';
import type { AwsSession, GrantRequest, Identity, Problem, TagMap } from '../../reconcile/kind.ts';
import { isOwnedBy } from '../../reconcile/ownership.ts';
import { contentHash, leafHashes } from '../../shape/content-hash.ts';
import { ecsRules } from '../../shape/ecs-rules.ts';
import { normalise } from '../../shape/normalise.ts';
import type { Json, JsonObject } from '../../shape/shape.ts';
import { taskDefinitionShape } from '../../shape/shapes.ts';
import { tagMapOf, tagsOf } from '../tags.ts';

/** Carried by every revision we register or adopt, so that content is found again after a lost answer. */
export const CONTENT_TAG = `${PREFIX}/content-hash`;

/** Our own members of a task definition's spec, none of which are AWS's. */
const OWN_MEMBERS = ['policy', 'accountRef', 'allowedNamespaces', 'revisionHistoryLimit'];

/** One revision of ours: what it is called and which content it has. */
export interface RevisionRecord {
  readonly arn: string;
  readonly contentHash: string;
}

/** What registering asks. */
export interface DesiredRevision {
  readonly family: string;
  /** Normalised, with the family and without tags. */
  readonly request: JsonObject;
  /** 32 hex characters; equal for contents that mean the same. */
  readonly contentHash: string;
  readonly userTags: TagMap;
  /** The tags' leaves: all that a revision can still change. */
  readonly leaves: Readonly<Record<string, string>>;
  readonly grants: readonly GrantRequest[];
}

/** A revision whose content is the wanted one. */
export interface FoundRevision {
  readonly arn: string;
  readonly tags: TagMap;
}

export interface ObservedRevisions {
  /** The ACTIVE revision with the wanted content: ours, or one that could be adopted. */
  readonly wanted: FoundRevision | undefined;
  /** Our own ACTIVE ones, newest first, the wanted one among them when it is ours. */
  readonly own: readonly RevisionRecord[];
  /** Others' ACTIVE revisions in the family, as far as we met them. */
  readonly foreignRevisions: number;
  /** AWS says of what was ours and is missing that it is INACTIVE; else it may be that the read lags behind. */
  readonly certain?: true;
}

export interface DesiredRevisionInput {
  /** As it stands in the spec. */
  readonly template: JsonObject;
  readonly family: string;
  /** What stands before paths in messages: '' or `taskDefinitionTemplate.`. */
  readonly path: string;
  /** What is to be deleted is known by its family, whatever has become of the spec. */
  readonly deleting: boolean;
}

/** What a spec asks to be registered. Pure. */
export function desiredRevision({
  template,
  family,
  path,
  deleting,
}: DesiredRevisionInput): DesiredRevision | { readonly problem: Problem } {
  const { value, problems } = normalise(template, taskDefinitionShape, { own: OWN_MEMBERS, supplied: ['family'] });
  const [problem] = problems;
  if (problem !== undefined && !deleting) {
    return { problem: { reason: 'InvalidSpec', message: `${path}${problem.path}: ${problem.message}` } };
  }
  const { tags, ...content } = value;
  const request: JsonObject = { ...content, family };
  return {
    family,
    request,
    contentHash: contentHash({ value: request, shape: taskDefinitionShape, rules: ecsRules }),
    userTags: tagMapOf(tags),
    leaves: leafHashes({ value: tags === undefined ? {} : { tags }, shape: taskDefinitionShape, rules: ecsRules }),
    grants: passedRoles(content, path),
  };
}

/** The tags that a revision of ours carries. */
export function revisionTags(wanted: DesiredRevision, identity: Identity): TagMap {
  return { ...wanted.userTags, ...identity.tags, [CONTENT_TAG]: wanted.contentHash };
}

/** Registers the wanted content as a new revision. @throws AwsCallError */
export async function registerRevision(
  wanted: DesiredRevision,
  observed: ObservedRevisions,
  identity: Identity,
  aws: AwsSession,
): Promise<ObservedRevisions> {
  const tags = revisionTags(wanted, identity);
  // Safe: the request was normalised by the SDK's own schema of this input.
  const request = { ...wanted.request, tags: tagsOf(tags) } as unknown as RegisterTaskDefinitionCommandInput;
  const { taskDefinition } = await aws.call('ecs.RegisterTaskDefinition', request);
  const arn = arnOf(taskDefinition, 'ecs.RegisterTaskDefinition');
  return {
    ...observed,
    wanted: { arn, tags },
    own: newestFirst([...observed.own, { arn, contentHash: wanted.contentHash }]),
  };
}

/** Own revisions beyond the newest `limit` that nobody uses. Pure. */
export function revisionsToPrune(
  observed: ObservedRevisions,
  { limit, inUse }: { readonly limit: number; readonly inUse: ReadonlySet<string> },
): readonly string[] {
  if (limit <= 0) return [];
  const { wanted, own } = observed;
  const others = own.filter(({ arn }) => arn !== wanted?.arn);
  const kept = wanted === undefined ? limit : limit - 1;
  return others
    .slice(Math.max(0, kept))
    .map(({ arn }) => arn)
    .filter((arn) => !inUse.has(arn));
}

export function revisionNumber(arn: string): number {
  return Number(arn.slice(arn.lastIndexOf(':') + 1));
}

export function newestFirst(records: readonly RevisionRecord[]): readonly RevisionRecord[] {
  const byArn = new Map(records.map((record) => [record.arn, record]));
  return [...byArn.values()].sort((a, b) => revisionNumber(b.arn) - revisionNumber(a.arn));
}

/** Whether tags say that a revision is this object's, whatever its UID was then. */
export function isOwnRevision(tags: TagMap, identity: Identity): boolean {
  return isOwnedBy(tags, identity);
}

/** @throws AwsCallError when AWS left the ARN out of its answer. */
export function arnOf(taskDefinition: TaskDefinition | undefined, operation: Operation): string {
  const arn = taskDefinition?.taskDefinitionArn;
  if (!arn) throw lacking(operation, 'taskDefinition.taskDefinitionArn');
  return arn;
}

function passedRoles(content: JsonObject, path: string): readonly GrantRequest[] {
  return (['taskRoleArn', 'executionRoleArn'] as const).flatMap((member) => {
    const roleArn: Json | undefined = content[member];
    return typeof roleArn === 'string' ? [{ kind: 'passRole', path: `${path}${member}`, roleArn }] : [];
  });
}
