import { expect, test } from 'vitest';
import { planServiceDeletion } from './deletion.ts';
import { sampleObserved, sampleService, taskDefinitionArn } from './sample-service.ts';

test('a service is deleted, waited for while it drains, and then its template’s revisions go', () => {
  const present = planServiceDeletion(sampleObserved(sampleService()));
  expect(present.actions).toEqual([{ type: 'DeleteService' }]);
  const leaving = planServiceDeletion(sampleObserved(sampleService({ status: 'DRAINING' })));
  expect(leaving.actions).toEqual([]);
  const template = {
    wanted: undefined,
    own: [2, 1].map((revision) => ({ arn: taskDefinitionArn(revision), contentHash: 'x' })),
    foreignRevisions: 0,
  };
  const gone = planServiceDeletion(sampleObserved(sampleService({ status: 'INACTIVE' }), { template }));
  expect(gone.actions).toEqual([
    { type: 'DeregisterTaskDefinition', arn: taskDefinitionArn(2) },
    { type: 'DeregisterTaskDefinition', arn: taskDefinitionArn(1) },
  ]);
});
