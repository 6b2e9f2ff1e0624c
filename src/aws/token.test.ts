import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientToken, type TokenInput } from './token.ts';

const input: TokenInput = {
  uid: '5f6c9d5e-0f59-4d0c-8f0b-6a0f4a0f4a0f',
  operation: 'ecs.CreateService',
  request: { serviceName: 'web', tags: [{ key: 'a', value: 'b' }] },
  incarnation: 0,
};

describe('clientToken', () => {
  it('is 32 hex characters: within the 36 ASCII characters of ECS and the 64 of Cloud Map', () => {
    expect(clientToken(input)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('stays the same across releases, so that an operator that was updated mid-creation makes nothing twice', () => {
    expect(clientToken(input)).toBe('862542231bf8e6854522e751a91d8861');
  });

  it.each<[Partial<TokenInput>, string]>([
    [{ uid: 'another' }, 'another object'],
    [{ operation: 'servicediscovery.CreateService' }, 'another operation'],
    [{ request: { ...input.request, desiredCount: 1 } }, 'AWS refuses a known token with other arguments'],
    [{ request: { ...input.request, tags: [] } }, 'also deep inside'],
    [{ incarnation: 1 }, 'a new creation after absence was confirmed'],
  ])('differs for %o: %s', (change) => {
    expect(clientToken({ ...input, ...change })).not.toBe(clientToken(input));
  });

  it('does not depend on the order of members, nor on members that are undefined', () => {
    const request = { tags: [{ value: 'b', key: 'a' }], role: undefined, serviceName: 'web' };
    expect(clientToken({ ...input, request })).toBe(clientToken(input));
  });

  it('tells different requests apart', () => {
    const request = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(request, request, (a, b) => {
        const same = clientToken({ ...input, request: a }) === clientToken({ ...input, request: b });
        expect(same).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
      }),
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return { members: entries.map(([name, member]) => [name, sorted(member)]) };
}
