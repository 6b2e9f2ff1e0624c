import { isWithin } from '../shape/path.ts';
import type { LeafVerdict } from './kind.ts';
import type { Applied, Policy } from './types.ts';

export interface LeafPolicyInput {
  readonly policy: Policy | undefined;
  readonly applied: Applied | undefined;
  /** Every declared leaf → short hash of its value. */
  readonly leaves: Readonly<Record<string, string>>;
}

/**
 * What to do about a declared leaf that AWS holds otherwise. A value that was not confirmed before is a change of the
 * spec and is applied. A value that was confirmed and is now another one was changed by somebody in AWS: by policy.
 */
export function leafPolicy({ policy, applied, leaves }: LeafPolicyInput): (path: string) => LeafVerdict {
  const byField = Object.entries(policy?.driftByField ?? {}).sort(([a], [b]) => b.length - a.length);
  return (path) => {
    const confirmed = applied?.leaves[path];
    if (confirmed === undefined || confirmed === '' || confirmed !== leaves[path]) return 'apply';
    const [, field] = byField.find(([prefix]) => isWithin(path, prefix)) ?? [];
    switch (field ?? policy?.drift ?? 'Enforce') {
      case 'Report':
        return 'report';
      case 'Ignore':
        return 'ignore';
      default:
        return 'apply';
    }
  };
}
