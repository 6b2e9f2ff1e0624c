import { invalidParameter } from './errors.ts';

/** How many items a page has. @throws AwsError InvalidParameterException for a number that AWS does not take. */
export function pageSize(given: number | undefined, limits: { readonly usual: number; readonly most: number }): number {
  const size = given ?? limits.usual;
  if (size < 1 || size > limits.most) throw invalidParameter(`maxResults must be between 1 and ${limits.most}.`);
  return size;
}
