import { expect, test } from 'vitest';
import { type RestartInput, restartOf } from './restart.ts';

const AT = '2026-01-02T03:04:05Z';
const LEAVES = { applied: { leaves: {} } };

test.each<{ what: string; input: Partial<RestartInput>; type: 'none' | 'done' | 'due'; before?: string }>([
  { what: 'nothing is asked', input: { restartedAt: undefined }, type: 'none' },
  { what: 'asked for the first time', input: {}, type: 'due', before: 'ecs-svc/1' },
  {
    what: 'written down, and the call was lost',
    input: { status: { ...LEAVES, restart: { requestedAt: AT, deploymentBefore: 'ecs-svc/1' } } },
    type: 'due',
    before: 'ecs-svc/1',
  },
  {
    what: 'written down, the call was made, and its answer was lost',
    input: { status: { ...LEAVES, restart: { requestedAt: AT, deploymentBefore: 'ecs-svc/0' } } },
    type: 'done',
  },
  {
    what: 'done long ago, though AWS went back to the deployment before',
    input: { status: { ...LEAVES, restart: { requestedAt: AT, deploymentBefore: 'ecs-svc/1', done: true } } },
    type: 'done',
  },
  {
    what: 'another time is another restart',
    input: {
      status: { ...LEAVES, restart: { requestedAt: '2025-01-01T00:00:00Z', deploymentBefore: 'x', done: true } },
    },
    type: 'due',
    before: 'ecs-svc/1',
  },
  { what: 'a service that is taken over is not rolled', input: { status: {} }, type: 'done' },
  {
    what: 'a service that is created has its first deployment',
    input: { creating: true, primaryId: undefined, status: undefined },
    type: 'due',
    before: '',
  },
])('$what: $type', ({ input, type, before }) => {
  const restart = restartOf({ restartedAt: AT, status: LEAVES, primaryId: 'ecs-svc/1', creating: false, ...input });
  expect(restart.type).toBe(type);
  if (before !== undefined) expect(restart).toMatchObject({ restart: { requestedAt: AT, deploymentBefore: before } });
});
