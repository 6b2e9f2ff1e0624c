import {
  type ListTagsForResourceRequest,
  ListTagsForResourceRequest$,
  type Tag,
  type TagResourceRequest,
  TagResourceRequest$,
  type UntagResourceRequest,
  UntagResourceRequest$,
} from '@aws-sdk/client-servicediscovery';
import { AwsError } from '../core/aws-error.ts';
import { checkTags } from '../core/tags.ts';
import { type Checked, type Operation, operation } from './inputs.ts';
import type { CloudMapState } from './state.ts';

const MAX_TAGS = 50;

/**
 * The tags of a create request, checked.
 * @throws AwsError TooManyTagsException above 50, InvalidInput for what AWS's tag rules refuse.
 */
export function newTags(tags: readonly Checked<Tag>[] | undefined, resource?: string): Map<string, string> {
  const list = (tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value }));
  if (list.length > MAX_TAGS) throw tooMany(resource);
  checkTags(list, 'InvalidInput');
  return new Map(list.map(({ key, value }) => [key, value]));
}

/** TagResource, UntagResource and ListTagsForResource. */
export function taggingHandlers(state: CloudMapState): Readonly<Record<string, Operation>> {
  const tagsOf = (arn: string): Map<string, string> => {
    const found =
      [...state.namespaces.values()].find((namespace) => namespace.arn === arn && namespace.phase !== 'creating') ??
      [...state.services.values()].find((service) => service.arn === arn);
    if (found) return found.tags;
    throw new AwsError({ code: 'ResourceNotFoundException', message: `Resource ${arn} is not found.` });
  };
  return {
    TagResource: operation<TagResourceRequest>(TagResourceRequest$, ({ ResourceARN, Tags }) => {
      const tags = tagsOf(ResourceARN);
      const added = newTags(Tags, ResourceARN);
      if (new Set([...tags.keys(), ...added.keys()]).size > MAX_TAGS) throw tooMany(ResourceARN);
      for (const [key, value] of added) tags.set(key, value);
      return {};
    }),
    UntagResource: operation<UntagResourceRequest>(UntagResourceRequest$, ({ ResourceARN, TagKeys }) => {
      const tags = tagsOf(ResourceARN);
      for (const key of TagKeys) tags.delete(key);
      return {};
    }),
    ListTagsForResource: operation<ListTagsForResourceRequest>(ListTagsForResourceRequest$, ({ ResourceARN }) => ({
      Tags: [...tagsOf(ResourceARN)].map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

function tooMany(resource: string | undefined): AwsError {
  return new AwsError({
    code: 'TooManyTagsException',
    message: `The list of tags on the resource is over the quota. The maximum number of tags is ${MAX_TAGS}.`,
    fields: resource === undefined ? {} : { ResourceName: resource },
  });
}
