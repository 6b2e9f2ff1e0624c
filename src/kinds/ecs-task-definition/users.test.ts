import { expect, test } from 'vitest';
import { condition, sampleObject } from '../../reconcile/sample-objects.ts';
import type { CommonStatus, EcsObject } from '../../reconcile/types.ts';
import { laggingUser } from './users.ts';

const ARN = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:2';
const OLD = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1';

function service(status: CommonStatus & { taskDefinitionArn?: string; currentTaskDefinitionArn?: string }): EcsObject {
  return sampleObject({ kind: 'EcsService', name: 'web', status });
}

test.each([
  ['nobody refers to it: it is rolled out', [], undefined],
  [
    'a service runs it and its rollout is done',
    [service({ currentTaskDefinitionArn: ARN, conditions: [condition('RolledOut')] })],
    undefined,
  ],
  [
    'a service runs another revision: it rolls',
    [service({ currentTaskDefinitionArn: OLD, conditions: [condition('RolledOut')] })],
    { message: 'EcsService shop/web has not rolled it out yet', stalled: false },
  ],
  [
    'a service tried it and was rolled back: nothing more comes by itself',
    [
      service({
        taskDefinitionArn: ARN,
        currentTaskDefinitionArn: OLD,
        conditions: [condition('Stalled', { message: 'rolled back' })],
      }),
    ],
    { message: 'EcsService shop/web has not rolled it out yet: rolled back', stalled: true },
  ],
  [
    'a service is stalled over an earlier revision: it has not tried this one',
    [
      service({
        taskDefinitionArn: OLD,
        currentTaskDefinitionArn: OLD,
        conditions: [condition('Stalled', { message: 'rolled back' })],
      }),
    ],
    { message: 'EcsService shop/web has not rolled it out yet: rolled back', stalled: false },
  ],
])('%s', (_why, users, expected) => {
  expect(laggingUser(ARN, users)).toEqual(expected);
});
