import type {
  DeleteTaskDefinitionsRequest,
  DeregisterTaskDefinitionRequest,
  DescribeTaskDefinitionRequest,
  Failure,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionsRequest,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { pageOf } from '../core/paging.ts';
import type { CallContext } from '../core/request.ts';
import { nowOf } from '../core/scope.ts';
import { taskDefinitionArn } from './arns.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { clientError, invalidParameter } from './errors.ts';
import { pageSize } from './page-size.ts';
import type { TaskDefinitionRecord } from './records.ts';
import { compatibilitiesOf, requiredAttributes } from './task-definition-capabilities.ts';
import { checkTaskDefinition } from './task-definition-checks.ts';
import { withDefaults } from './task-definition-defaults.ts';

const missing =
  'The specified task definition does not exist. Specify a valid account, family, revision and try again.';

/** Makes a new revision, always: AWS never looks whether an equal one is there. */
export function registerTaskDefinition(
  ctx: EcsContext,
  input: Checked<RegisterTaskDefinitionRequest>,
  call: CallContext,
): object {
  checkTaskDefinition(input);
  const family = ctx.state.families.get(input.family) ?? { lastRevision: 0, revisions: new Map() };
  ctx.state.families.set(input.family, family);
  const revision = ++family.lastRevision;
  const arn = taskDefinitionArn(ctx.scope, input.family, revision);
  const filled = withDefaults(input);
  const record: TaskDefinitionRecord = {
    arn,
    family: input.family,
    revision,
    definition: {
      ...filled,
      taskDefinitionArn: arn,
      revision,
      requiresAttributes: requiredAttributes(input),
      compatibilities: compatibilitiesOf(input),
      registeredAt: nowOf(ctx.scope),
      registeredBy: call.caller,
    },
    status: 'ACTIVE',
    tags: input.tags ?? [],
    users: 0,
  };
  family.revisions.set(revision, record);
  return { taskDefinition: taskDefinitionView(record), tags: [...record.tags] };
}

export function describeTaskDefinition(ctx: EcsContext, input: Checked<DescribeTaskDefinitionRequest>): object {
  const record = ctx.state.taskDefinition(input.taskDefinition);
  if (!record) throw clientError('Unable to describe task definition.');
  const tags = input.include?.includes('TAGS') ? { tags: [...record.tags] } : {};
  return { taskDefinition: taskDefinitionView(record), ...tags };
}

export function deregisterTaskDefinition(ctx: EcsContext, input: Checked<DeregisterTaskDefinitionRequest>): object {
  const record = exact(ctx, input.taskDefinition);
  if (!record) throw clientError(missing);
  if (record.status === 'ACTIVE') {
    record.status = 'INACTIVE';
    record.definition = { ...record.definition, deregisteredAt: nowOf(ctx.scope) };
  }
  return { taskDefinition: taskDefinitionView(record) };
}

export function deleteTaskDefinitions(ctx: EcsContext, input: Checked<DeleteTaskDefinitionsRequest>): object {
  if (input.taskDefinitions.length > 10) throw invalidParameter('A maximum of 10 task definitions can be deleted.');
  const failures: Failure[] = [];
  const taskDefinitions: TaskDefinition[] = [];
  for (const reference of input.taskDefinitions) {
    const record = exact(ctx, reference);
    if (!record) failures.push({ arn: reference, reason: missing });
    else if (record.status === 'ACTIVE') {
      const reason =
        'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
      failures.push({ arn: record.arn, reason });
    } else {
      if (record.status === 'INACTIVE') {
        record.status = 'DELETE_IN_PROGRESS';
        record.deleteRequestedAt = nowOf(ctx.scope);
        record.definition = { ...record.definition, deleteRequestedAt: record.deleteRequestedAt };
      }
      taskDefinitions.push(taskDefinitionView(record));
    }
  }
  return { taskDefinitions, failures };
}

export function listTaskDefinitions(ctx: EcsContext, input: ListTaskDefinitionsRequest): object {
  const { familyPrefix, status = 'ACTIVE', sort = 'ASC', nextToken } = input;
  const maxResults = pageSize(input.maxResults, { usual: 100, most: 100 });
  const found = ctx.state
    .taskDefinitions()
    .filter((record) => record.status === status && (familyPrefix === undefined || record.family === familyPrefix))
    .map(({ arn }) => arn);
  const all = sort === 'DESC' ? found.toReversed() : found;
  const page = pageOf({ all, keyOf: (arn) => arn, maxResults, nextToken });
  return { taskDefinitionArns: page.items, nextToken: page.nextToken };
}

export function listTaskDefinitionFamilies(ctx: EcsContext, input: ListTaskDefinitionFamiliesRequest): object {
  const { familyPrefix = '', status = 'ALL', nextToken } = input;
  const maxResults = pageSize(input.maxResults, { usual: 100, most: 100 });
  const active = new Set<string>();
  const known = new Set<string>();
  for (const record of ctx.state.taskDefinitions()) {
    if (!record.family.startsWith(familyPrefix)) continue;
    known.add(record.family);
    if (record.status === 'ACTIVE') active.add(record.family);
  }
  const wanted = (family: string) => status === 'ALL' || (status === 'ACTIVE') === active.has(family);
  const page = pageOf({ all: [...known].filter(wanted), keyOf: (family) => family, maxResults, nextToken });
  return { families: page.items, nextToken: page.nextToken };
}

/** @throws AwsError unless the reference leads to a revision that new work may use. */
export function usableTaskDefinition(ctx: EcsContext, reference: string): TaskDefinitionRecord {
  const record = ctx.state.taskDefinition(reference);
  if (!record) throw clientError('TaskDefinition not found.');
  if (record.status !== 'ACTIVE') throw clientError('TaskDefinition is inactive');
  return record;
}

export function taskDefinitionView(record: TaskDefinitionRecord): TaskDefinition {
  return { ...record.definition, status: record.status };
}

/** A revision by ARN or `family:revision`; a bare family is not exact enough to deregister or delete. */
function exact(ctx: EcsContext, reference: string): TaskDefinitionRecord | undefined {
  if (!/:\d+$/.test(reference)) throw clientError('Revision is missing.');
  return ctx.state.taskDefinition(reference);
}
