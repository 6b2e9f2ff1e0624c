import type { AwsTarget } from './send.ts';

/** A string that is the same for targets that are the same. */
export function targetKey(target: AwsTarget): string {
  return JSON.stringify([target.region, target.endpoint, target.roleArn, target.externalId]);
}
