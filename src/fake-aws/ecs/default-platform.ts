import type { RevisionContent } from './records.ts';
import { onFargate } from './service-revisions.ts';

/** The platform version of what names none: `LATEST` on Fargate, nothing elsewhere. */
export function defaultPlatform(
  content: Pick<RevisionContent, 'launchType' | 'capacityProviderStrategy'>,
): string | undefined {
  return onFargate(content) ? 'LATEST' : undefined;
}
