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
