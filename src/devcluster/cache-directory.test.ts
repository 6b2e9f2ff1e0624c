import { expect, it } from 'vitest';
import { cacheDirectory } from './cache-directory.ts';

const cases: readonly { why: string; env: NodeJS.ProcessEnv; expected: string }[] = [
  { why: 'ours wins', env: { ECS_OPERATOR_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: '/h' }, expected: '/c' },
  { why: 'the XDG folder comes next', env: { XDG_CACHE_HOME: '/x', HOME: '/h' }, expected: '/x/ecs-operator' },
  {
    why: 'an empty variable counts as not set',
    env: { XDG_CACHE_HOME: '', HOME: '/h' },
    expected: '/h/.cache/ecs-operator',
  },
];

it.each(cases)('the cache is where the user wants it: $why', ({ env, expected }) => {
  expect(cacheDirectory(env)).toBe(expected);
});
