import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Claims } from './claims.ts';

const one = { key: 'EcsCluster/shop/one', uid: 'uid-1', established: false };
const two = { key: 'EcsCluster/shop/two', uid: 'uid-2', established: false };
const three = { key: 'EcsCluster/shop/three', uid: 'uid-3', established: false };

let woken: string[];
let claims: Claims;
beforeEach(() => {
  woken = [];
  claims = new Claims((key) => woken.push(key));
});

describe('of objects that claim one AWS name', () => {
  test('the first has it, and goes on having it', () => {
    expect(claims.take('prod', one)).toBeUndefined();
    expect(claims.take('prod', two)).toMatchObject({ key: one.key });
    expect(claims.take('prod', one)).toBeUndefined();
    expect(woken).toEqual([]);
  });

  test('one that AWS’s tags name goes before those that only want it, in whatever order they are seen after a restart', () => {
    expect(claims.take('prod', one)).toBeUndefined();
    expect(claims.take('prod', { ...two, established: true })).toBeUndefined();
    // The first has to hear that it lost the name.
    expect(woken).toEqual([one.key]);
    expect(claims.take('prod', one)).toMatchObject({ key: two.key });
  });

  test('of two that AWS’s tags named the first stays', () => {
    claims.take('prod', { ...one, established: true });
    expect(claims.take('prod', { ...two, established: true })).toMatchObject({ key: one.key });
  });

  test('all that wait are woken when it is let go, and the first to come has it', () => {
    claims.take('prod', one);
    claims.take('prod', two);
    claims.take('prod', three);
    claims.release(one.key);
    expect(woken).toEqual([two.key, three.key]);
    expect(claims.take('prod', three)).toBeUndefined();
    expect(claims.take('prod', two)).toMatchObject({ key: three.key });
  });

  test('one that claims another name lets the former go', () => {
    claims.take('prod', one);
    claims.take('prod', two);
    expect(claims.take('stage', one)).toBeUndefined();
    expect(woken).toEqual([two.key]);
    expect(claims.take('prod', two)).toBeUndefined();
  });

  test('one that is gone while it waited is not woken', () => {
    claims.take('prod', one);
    claims.take('prod', two);
    claims.release(two.key);
    claims.release(one.key);
    expect(woken).toEqual([]);
  });

  test('one that never had it takes nobody’s name by going', () => {
    claims.take('prod', one);
    claims.take('prod', two);
    claims.release(two.key);
    expect(claims.take('prod', three)).toMatchObject({ key: one.key });
  });
});

test('whatever comes and goes, a name has one holder, and who waits for it is woken when it is free', () => {
  const names = fc.constantFrom('a', 'b');
  const keys = fc.constantFrom('1', '2', '3');
  const take = fc.record({ key: keys, name: names, established: fc.boolean() });
  const step = fc.oneof(take, fc.record({ key: keys, gone: fc.constant(true) }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const all = new Claims((key) => waiting.delete(key));
      const holders = new Map<string, string>();
      const waiting = new Map<string, string>();
      const free = (key: string) => {
        for (const [name, holder] of holders) if (holder === key) holders.delete(name);
      };
      for (const one of steps) {
        if ('gone' in one) {
          all.release(one.key);
          free(one.key);
          waiting.delete(one.key);
        } else {
          if (holders.get(one.name) !== one.key) free(one.key);
          const holder = all.take(one.name, { key: one.key, uid: one.key, established: one.established });
          if (holder === undefined) {
            const former = holders.get(one.name);
            // Whoever lost it was woken, and is told by the next take.
            if (former !== undefined && former !== one.key) waiting.set(former, one.name);
            holders.set(one.name, one.key);
            waiting.delete(one.key);
          } else {
            expect(holder.key).toBe(holders.get(one.name));
            waiting.set(one.key, one.name);
          }
        }
        // Nobody is left waiting for a name that nobody has.
        for (const name of waiting.values()) expect(holders.has(name)).toBe(true);
      }
    }),
  );
});
