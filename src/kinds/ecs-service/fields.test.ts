import { CreateServiceRequest$, UpdateServiceRequest$ } from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import { expect, test } from 'vitest';
import { FIELDS, isUpdatable } from './fields.ts';
import type { Controller } from './types.ts';

const APART = ['clientToken', 'cluster', 'desiredCount', 'serviceName', 'tags', 'taskDefinition'];

function membersOf(schema: Parameters<typeof NormalizedSchema.of>[0]): string[] {
  return [...NormalizedSchema.of(schema).structIterator()].map(([name]) => name).sort();
}

test('every member of CreateService has rules: one that a new SDK brings must be thought about', () => {
  expect([...Object.keys(FIELDS), ...APART].sort()).toEqual(membersOf(CreateServiceRequest$));
});

test('what is called updatable is what UpdateService takes', () => {
  const updatable = Object.keys(FIELDS).filter((member) => isUpdatable(member, 'ECS'));
  const own = ['service', 'cluster', 'desiredCount', 'taskDefinition', 'forceNewDeployment'];
  expect([...updatable, ...own].sort()).toEqual(membersOf(UpdateServiceRequest$));
});

test.each<{ controller: Controller; member: string; updatable: boolean; because: string }>([
  { controller: 'CODE_DEPLOY', member: 'deploymentConfiguration', updatable: true, because: 'AWS lets it change' },
  { controller: 'EXTERNAL', member: 'deploymentConfiguration', updatable: false, because: 'AWS refuses it' },
  { controller: 'CODE_DEPLOY', member: 'loadBalancers', updatable: false, because: 'CodeDeploy changes them' },
  { controller: 'EXTERNAL', member: 'networkConfiguration', updatable: false, because: 'task sets have their own' },
  { controller: 'EXTERNAL', member: 'healthCheckGracePeriodSeconds', updatable: true, because: 'AWS lets it change' },
  { controller: 'CODE_DEPLOY', member: 'placementStrategy', updatable: true, because: 'AWS lets it change' },
])('under $controller, $member updatable: $updatable ($because)', ({ controller, member, updatable }) => {
  expect(isUpdatable(member, controller)).toBe(updatable);
});
