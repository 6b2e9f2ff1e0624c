import { expect, test } from 'vitest';
import { callPriority, priorityOf } from './call-priority.ts';
import type { ResolvedReference } from './kind.ts';
import type { CommonStatus, EcsObject } from './types.ts';

function object(
  trues: readonly string[],
  more: { seen?: number; deleting?: boolean; observed?: number } = {},
): EcsObject {
  const { seen = 3, deleting = false, observed = 7 } = more;
  const conditions = ['Ready', 'Synced', ...trues].map((type) => ({
    type,
    status: trues.includes(type) ? 'True' : 'False',
    reason: 'Because',
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  })) as CommonStatus['conditions'];
  return {
    apiVersion: 'ecs-operator.dev/v1alpha1',
    kind: 'EcsService',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '1',
      generation: 3,
      ...(deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {},
    status: {
      observedGeneration: seen,
      observed: { 'EcsTaskDefinition/shop/web': observed },
      ...(conditions === undefined ? {} : { conditions }),
    },
  };
}

const taskDefinition: ResolvedReference = {
  reference: { path: 'taskDefinitionRef', kind: 'EcsTaskDefinition', name: 'web' },
  target: {
    apiVersion: 'ecs-operator.dev/v1alpha1',
    kind: 'EcsTaskDefinition',
    metadata: { name: 'web', namespace: 'shop', uid: 't', resourceVersion: '1', generation: 7 },
    spec: {},
  },
  arn: 'arn',
  name: 'web',
};
const references = new Map([['taskDefinitionRef', taskDefinition]]);

test.each([
  { why: 'a changed spec', of: object(['Ready', 'Synced'], { seen: 2 }), is: 'user' },
  { why: 'a changed target', of: object(['Ready', 'Synced'], { observed: 6 }), is: 'user' },
  { why: 'what AWS does not hold yet', of: object(['Reconciling']), is: 'user' },
  { why: 'a rollout', of: object(['Synced', 'Reconciling']), is: 'progress' },
  { why: 'a deletion that waits', of: object(['Reconciling'], { deleting: true }), is: 'progress' },
  { why: 'all as it should be', of: object(['Ready', 'Synced']), is: 'resync' },
  { why: 'what a person has to put right', of: object(['Stalled']), is: 'resync' },
  { why: 'a pause', of: object([]), is: 'resync' },
])('$why is looked at and acted on as: $is', ({ of, is }) => {
  expect(callPriority(of, references)).toBe(is);
});

test('deregistering yields to registering, whoever asks', () => {
  expect(priorityOf('ecs.DeregisterTaskDefinition', 'user')).toBe('cleanup');
  expect(priorityOf('ecs.RegisterTaskDefinition', 'user')).toBe('user');
});
