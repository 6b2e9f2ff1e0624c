import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { isMissing } from '../../aws/errors.ts';
import type { AwsSession, Identity } from '../../reconcile/kind.ts';
import { isUnowned } from '../../reconcile/ownership.ts';
import { requestFromDescription } from '../../shape/described.ts';
import { sameTaskDefinition } from '../../shape/same-task-definition.ts';
import { tagMapOfList } from '../tags.ts';
import {
  arnOf,
  CONTENT_TAG,
  type DesiredRevision,
  type FoundRevision,
  isOwnRevision,
  newestFirst,
  type ObservedRevisions,
  type RevisionRecord,
} from './revision.ts';

/** How many revisions that status does not know are looked at, newest first. */
const MAX_LOOKED_AT = 25;

export interface ObserveRevisionsInput {
  readonly wanted: DesiredRevision;
  readonly identity: Identity;
  /** From status, newest first. */
  readonly known: readonly RevisionRecord[];
  /** From status: how many of others' revisions were met. */
  readonly foreign: number;
  /** Whether nobody's revision with the wanted content may be taken over. */
  readonly adopt: boolean;
  /** A revision of the family that is known to be there, from elsewhere than a look at the family. */
  readonly runs?: string | undefined;
}

interface Described extends FoundRevision {
  readonly definition: TaskDefinition;
}

/**
 * Finds the wanted content among the family's revisions. In the usual cases one read or two: status knows the wanted
 * revision, or knows the newest one, or there is none. A lost answer and a lost status are made up for by the tags of
 * what the family holds besides.
 * @throws AwsCallError
 */
export async function observeRevisions(input: ObserveRevisionsInput, aws: AwsSession): Promise<ObservedRevisions> {
  const { wanted, known, foreign, runs } = input;
  const remembered = known.find(({ contentHash }) => contentHash === wanted.contentHash);
  let gone: Pick<ObservedRevisions, 'certain'> = {};
  if (remembered !== undefined) {
    const described = await readRevision(remembered.arn, aws);
    const isActive = described?.definition.status === 'ACTIVE';
    if (isActive && isStillOwn(described.tags, input.identity)) {
      return { wanted: found(described), own: known, foreignRevisions: foreign };
    }
    // Taken from us, or INACTIVE.
    if (described !== undefined) gone = { certain: true };
  }
  const newest = (await describe(wanted.family, aws)) ?? (runs === undefined ? undefined : await describe(runs, aws));
  const remaining = known.filter((record) => record !== remembered);
  if (newest === undefined) return { wanted: undefined, own: [], foreignRevisions: 0, ...gone };
  // All that is newer than what we know was made by others or by a try of ours whose answer was lost.
  if (remaining.some(({ arn }) => arn === newest.arn)) {
    return { wanted: undefined, own: remaining, foreignRevisions: foreign, ...gone };
  }
  return { ...(await search(input, newest, remaining, aws)), ...gone };
}

/**
 * All our own ACTIVE revisions of a family, for its deletion. There are none for certain only when all that status knows
 * are INACTIVE, and the list does not lag behind them.
 * @throws AwsCallError
 */
export async function observeOwnRevisions(
  { wanted, identity, known }: Pick<ObserveRevisionsInput, 'wanted' | 'identity' | 'known'>,
  aws: AwsSession,
): Promise<ObservedRevisions> {
  const active = await listActive(wanted.family, aws);
  const knownByArn = new Map(known.map((record) => [record.arn, record]));
  const own: RevisionRecord[] = [];
  let foreignRevisions = 0;
  for (const arn of active) {
    const described = await describe(arn, aws);
    if (described === undefined) continue;
    const isOwn = knownByArn.has(arn) ? isStillOwn(described.tags, identity) : isOwnRevision(described.tags, identity);
    if (isOwn) own.push({ arn, contentHash: described.tags[CONTENT_TAG] ?? knownByArn.get(arn)?.contentHash ?? '' });
    else foreignRevisions++;
  }
  const listed = new Set(active);
  let certain = known.length > 0;
  for (const record of known) {
    if (listed.has(record.arn)) continue;
    const described = await readRevision(record.arn, aws);
    certain &&= described !== undefined && described.definition.status !== 'ACTIVE';
    // The list lags behind: without it here, the deletion would be done when the others have gone.
    if (described?.definition.status === 'ACTIVE' && isStillOwn(described.tags, identity)) own.push(record);
  }
  const sorted = newestFirst(own);
  const [first] = sorted;
  return {
    ...(certain ? { certain } : {}),
    wanted: first === undefined ? undefined : { arn: first.arn, tags: identity.tags },
    own: sorted,
    foreignRevisions,
  };
}

/** Whether a revision of ours is ours still: it has our tags, or somebody took all tags of ownership off. */
export function isStillOwn(tags: FoundRevision['tags'], identity: Identity): boolean {
  return isOwnRevision(tags, identity) || isUnowned(tags);
}

/** Looks through what status does not know: the last tries of ours, and after a restore all that was ours. */
async function search(
  input: ObserveRevisionsInput,
  newest: Described,
  known: readonly RevisionRecord[],
  aws: AwsSession,
): Promise<ObservedRevisions> {
  const active = await listActive(input.wanted.family, aws);
  const unknown = active.filter((arn) => arn !== newest.arn && !known.some((record) => record.arn === arn));
  let own = known;
  let wanted: Described | undefined;
  let foreignRevisions = 0;
  const look = (described: Described) => {
    own = withOwn(own, described, input);
    if (wanted === undefined && isWanted(described, input)) wanted = described;
    else if (!isOwnRevision(described.tags, input.identity)) foreignRevisions++;
  };
  look(newest);
  for (const arn of unknown.slice(0, MAX_LOOKED_AT)) {
    const described = await describe(arn, aws);
    if (described !== undefined) look(described);
  }
  return { wanted: wanted && found(wanted), own, foreignRevisions };
}

function isWanted(described: Described, { wanted, identity, adopt }: ObserveRevisionsInput): boolean {
  const { tags } = described;
  const isOwn = isOwnRevision(tags, identity);
  if (isOwn && tags[CONTENT_TAG] === wanted.contentHash) return true;
  // The hash may be an older release's, with other ideas of AWS's defaults: what means the same is the same.
  const candidate = isOwn || (adopt && isUnowned(tags));
  return candidate && sameTaskDefinition(wanted.request, requestFromDescription(described.definition));
}

function withOwn(
  records: readonly RevisionRecord[],
  { arn, tags }: FoundRevision,
  { identity }: ObserveRevisionsInput,
): readonly RevisionRecord[] {
  const contentHash = tags[CONTENT_TAG];
  if (!isOwnRevision(tags, identity) || contentHash === undefined) return records;
  return newestFirst([...records, { arn, contentHash }]);
}

function found({ arn, tags }: Described): FoundRevision {
  return { arn, tags };
}

/** @param name a family (its newest ACTIVE revision) or an ARN. @returns undefined when there is no ACTIVE one. */
async function describe(name: string, aws: AwsSession): Promise<Described | undefined> {
  const described = await readRevision(name, aws);
  return described?.definition.status === 'ACTIVE' ? described : undefined;
}

/**
 * One revision, by its ARN, or the newest ACTIVE one of a family.
 * @returns undefined when AWS does not know it; one that is INACTIVE is given.
 * @throws AwsCallError
 */
export async function readRevision(name: string, aws: AwsSession): Promise<Described | undefined> {
  try {
    const { taskDefinition, tags } = await aws.call('ecs.DescribeTaskDefinition', {
      taskDefinition: name,
      include: ['TAGS'],
    });
    if (taskDefinition === undefined) return undefined;
    return {
      arn: arnOf(taskDefinition, 'ecs.DescribeTaskDefinition'),
      tags: tagMapOfList(tags),
      definition: taskDefinition,
    };
  } catch (error) {
    if (isMissing(error, 'taskDefinition')) return undefined;
    throw error;
  }
}

/** ARNs of the family's ACTIVE revisions, newest first. */
async function listActive(family: string, aws: AwsSession): Promise<readonly string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await aws.call('ecs.ListTaskDefinitions', {
      familyPrefix: family,
      status: 'ACTIVE',
      sort: 'DESC',
      nextToken,
    });
    arns.push(...(page.taskDefinitionArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  // The API calls it a prefix: only the family itself is ours to look at.
  return arns.filter((arn) => arn.slice(arn.indexOf('/') + 1, arn.lastIndexOf(':')) === family);
}
