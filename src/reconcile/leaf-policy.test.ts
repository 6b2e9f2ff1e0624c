import { describe, expect, test } from 'vitest';
import { leafPolicy } from './leaf-policy.ts';
import type { Policy } from './types.ts';

const PATH = 'dnsConfig.dnsRecords';

describe('a leaf that AWS holds otherwise', () => {
  test.each<{ why: string; policy: Policy | undefined; confirmed: string | undefined; verdict: string }>([
    { why: 'by default', policy: undefined, confirmed: 'h', verdict: 'apply' },
    { why: 'by policy', policy: { drift: 'Report' }, confirmed: 'h', verdict: 'report' },
    { why: 'enforced by policy', policy: { drift: 'Enforce' }, confirmed: 'h', verdict: 'apply' },
    {
      why: 'a field goes before the rest',
      policy: { drift: 'Report', driftByField: { [PATH]: 'Enforce' } },
      confirmed: 'h',
      verdict: 'apply',
    },
    {
      why: 'a field that is to be ignored',
      policy: { driftByField: { [PATH]: 'Ignore' } },
      confirmed: 'h',
      verdict: 'ignore',
    },
    {
      why: 'a field counts for all below it',
      policy: { driftByField: { dnsConfig: 'Report' } },
      confirmed: 'h',
      verdict: 'report',
    },
    {
      why: 'the longest path wins, wherever it stands',
      policy: { driftByField: { dnsConfig: 'Ignore', [PATH]: 'Report' } },
      confirmed: 'h',
      verdict: 'report',
    },
    {
      why: 'a name that only starts so is another field',
      policy: { driftByField: { dns: 'Ignore' } },
      confirmed: 'h',
      verdict: 'apply',
    },
    {
      why: 'a change of the spec is applied whatever the policy',
      policy: { drift: 'Report' },
      confirmed: 'before',
      verdict: 'apply',
    },
    { why: 'and so is what was never confirmed', policy: { drift: 'Report' }, confirmed: undefined, verdict: 'apply' },
    { why: 'and what was under way when we died', policy: { drift: 'Report' }, confirmed: '', verdict: 'apply' },
  ])('$verdict: $why', ({ policy, confirmed, verdict }) => {
    const leaves: Record<string, string> = confirmed === undefined ? {} : { [PATH]: confirmed };
    expect(leafPolicy({ policy, applied: { leaves }, leaves: { [PATH]: 'h' } })(PATH)).toBe(verdict);
  });

  test('a field of a list is named by its key', () => {
    const path = 'containerDefinitions[name=web].image';
    const judge = leafPolicy({
      policy: { driftByField: { 'containerDefinitions[name=web]': 'Ignore' } },
      applied: { leaves: { [path]: 'h' } },
      leaves: { [path]: 'h' },
    });
    expect(judge(path)).toBe('ignore');
  });
});
