import { isMissing } from '../aws/errors.ts';
import type { AwsSession, TagMap } from '../reconcile/kind.ts';

/** Tags as Cloud Map takes them, sorted by key. ECS spells the members `key` and `value`. */
export function cloudMapTags(tags: TagMap): { Key: string; Value: string }[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}

/** @returns undefined when the resource has gone meanwhile. @throws AwsCallError */
export async function readCloudMapTags(arn: string, aws: AwsSession): Promise<TagMap | undefined> {
  try {
    const { Tags } = await aws.call('servicediscovery.ListTagsForResource', { ResourceARN: arn });
    return Object.fromEntries(
      (Tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])),
    );
  } catch (error) {
    if (isMissing(error, 'resource')) return undefined;
    throw error;
  }
}

/** @throws AwsCallError */
export async function writeCloudMapTags(arn: string, tags: TagMap, aws: AwsSession): Promise<void> {
  await aws.call('servicediscovery.TagResource', { ResourceARN: arn, Tags: cloudMapTags(tags) });
}

/** @throws AwsCallError */
export async function removeCloudMapTags(arn: string, keys: readonly string[], aws: AwsSession): Promise<void> {
  await aws.call('servicediscovery.UntagResource', { ResourceARN: arn, TagKeys: [...keys] });
}

/** Tags after some were taken off. */
export function withoutTags(tags: TagMap, keys: readonly string[]): TagMap {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}
