import type { Tag } from '@aws-sdk/client-ecs';
import type { PlainTag } from '../core/tags.ts';

/** Tags with both members, as the rules for tags take them; AWS reads a missing value as an empty one. */
export function plainTags(tags: readonly Tag[] | undefined): PlainTag[] {
  return (tags ?? []).map(({ key, value }) => ({ key: key ?? '', value: value ?? '' }));
}
