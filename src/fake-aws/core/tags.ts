import { AwsError } from './aws-error.ts';

/** A tag by its plain names; Cloud Map's `Key`/`Value` are mapped by its module. */
export interface PlainTag {
  readonly key: string;
  readonly value: string;
}

const maxTags = 50;
// AWS's documented set: letters, digits, spaces and _ . : / = + - @ in any script.
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * AWS's rules for tags ("Tag restrictions" of the ECS and Cloud Map guides).
 * @param tags the tags as they would stand after the call.
 * @throws AwsError with the given code.
 */
export function checkTags(tags: readonly PlainTag[], code: string): void {
  const refuse = (message: string): never => {
    throw new AwsError({ code, message });
  };
  const seen = new Set<string>();
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > 128) refuse('Tag key length must be between 1 and 128 characters.');
    if (value.length > 256) refuse('Tag value length must be between 0 and 256 characters.');
    if (!allowed.test(key) || !allowed.test(value)) {
      refuse(
        'Some tags contain invalid characters. Valid characters: UTF-8 letters, spaces, numbers and _ . / = + - : @.',
      );
    }
    if (key.toLowerCase().startsWith('aws:')) {
      refuse("Tag keys that start with 'aws:' are reserved for internal use.");
    }
    if (seen.has(key)) refuse(`Duplicate tag keys found: ${key}. Please note that Tag keys are case sensitive.`);
    seen.add(key);
  }
  // Keys that AWS itself sets do not count against the limit, and never come this way.
  if (seen.size > maxTags) refuse(`The maximum number of tags for a resource is ${maxTags}.`);
}
