import type { DesiredInput, GrantRequest, Problem } from '../../reconcile/kind.ts';
import { leafHashes } from '../../shape/content-hash.ts';
import { ecsRules } from '../../shape/ecs-rules.ts';
import { sameByShortName } from '../../shape/names.ts';
import { type InputProblem, normalise } from '../../shape/normalise.ts';
import type { Json, JsonObject } from '../../shape/shape.ts';
import { serviceShape } from '../../shape/shapes.ts';
import { tagMapOf, tagsOf } from '../tags.ts';
import { clusterName } from './cluster.ts';
import { attemptContent, rolloutContent } from './content.ts';
import { controllerOf } from './fields.ts';
import { roleGrants } from './grants.ts';
import { clusterReference, withReferences } from './references.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import { taskDefinitionKey, type WantedTaskDefinition } from './task-definition.ts';
import type { EcsServiceDesired } from './types.ts';
import { wantedTaskDefinition } from './wanted-task-definition.ts';

/** Our members beside AWS's. */
const OWN = [
  'accountRef',
  'clusterRef',
  'policy',
  'restartedAt',
  'revisionHistoryLimit',
  'rollout',
  'scaling',
  'taskDefinitionRef',
  'taskDefinitionTemplate',
  // Printed by describe-services beside the services.
  'failures',
];

/** Members of CreateService with rules of their own. */
const APART = new Set(['cluster', 'desiredCount', 'serviceName', 'tags', 'taskDefinition']);

/** Half an hour, longer than AWS takes to pull the largest images and to drain. */
const PROGRESS_DEADLINE_SECONDS = 1800;

type Input = DesiredInput<EcsServiceSpec, EcsServiceStatus>;

/** What a spec asks of AWS, or what a person has to put right first. Pure. */
export function desiredService(input: Input): EcsServiceDesired | { readonly problem: Problem } {
  const { object, references, resolvedName } = input;
  // Safe: what the API server stores is JSON.
  const spec = object.spec as unknown as JsonObject;
  const { value, problems } = normalise(withReferences(spec, references), serviceShape, {
    own: OWN,
    supplied: ['serviceName'],
  });
  const deleting = object.metadata.deletionTimestamp !== undefined;
  // What is being deleted need not be right: what it once asked for is in AWS, or nothing is.
  if (problems.length > 0 && !deleting) return { problem: invalid(problems) };
  const wanted = wantedTaskDefinition(input, value.taskDefinition);
  if ('problem' in wanted && !deleting) return wanted;
  const taskDefinition = 'problem' in wanted ? undefined : wanted.taskDefinition;
  if (taskDefinition === undefined && controllerOf(value) !== 'EXTERNAL' && !deleting)
    return { problem: NOTHING_TO_RUN };

  const cluster = clusterOf(input, value);
  const request = Object.fromEntries(Object.entries(value).filter(([name]) => !APART.has(name)));
  const tags = tagMapOf(value.tags);
  const content = { request, taskDefinition: taskDefinitionKey(taskDefinition), restartedAt: object.spec.restartedAt };
  const desiredCount = value.desiredCount;
  const declared: Record<string, Json> = { ...request };
  if (Object.keys(tags).length > 0) declared.tags = tagsOf(tags);
  if (typeof desiredCount === 'number') declared.desiredCount = desiredCount;
  if (taskDefinition !== undefined) declared.taskDefinition = taskDefinitionKey(taskDefinition);
  return {
    name: resolvedName,
    claim: `${clusterName(cluster.at)}/${resolvedName}`,
    grants: [...cluster.grants, ...roleGrants(request), ...templateGrants(taskDefinition)],
    leaves: leafHashes({ value: declared, shape: serviceShape, rules: ecsRules }),
    cluster: cluster.at,
    request,
    tags,
    desiredCount: typeof desiredCount === 'number' ? desiredCount : undefined,
    taskDefinition,
    restartedAt: object.spec.restartedAt,
    progressDeadlineSeconds: object.spec.rollout?.progressDeadlineSeconds ?? PROGRESS_DEADLINE_SECONDS,
    content: rolloutContent(content),
    attempt: attemptContent(content),
    immutable: cluster.moved,
  };
}

const NOTHING_TO_RUN: Problem = {
  reason: 'InvalidSpec',
  message: 'nothing says what to run; set one of taskDefinition, taskDefinitionRef and taskDefinitionTemplate',
};

interface ClusterChoice {
  /** Where the service is, or is to be made. */
  readonly at: string;
  readonly grants: readonly GrantRequest[];
  readonly moved: Problem | undefined;
}

function clusterOf({ object, references }: Input, value: JsonObject): ClusterChoice {
  const reference = clusterReference(references);
  const named = typeof value.cluster === 'string' ? value.cluster : 'default';
  const asked = reference?.arn ?? named;
  const grants: readonly GrantRequest[] =
    object.spec.clusterRef === undefined ? [{ kind: 'cluster', path: 'cluster', cluster: asked }] : [];
  const made = object.status?.clusterArn;
  if (made === undefined || sameByShortName(asked, made) === 'same') return { at: asked, grants, moved: undefined };
  const message = `the service is in cluster ${clusterName(made)} and cannot move to ${clusterName(asked)}; go back, or delete this object and create it again`;
  return { at: made, grants, moved: { reason: 'ImmutableField', message } };
}

function templateGrants(wanted: WantedTaskDefinition | undefined): readonly GrantRequest[] {
  return wanted?.type === 'template' ? wanted.revision.grants : [];
}

function invalid(problems: readonly InputProblem[]): Problem {
  const shown = problems.slice(0, 3).map(({ path, message }) => (path === '' ? message : `${path} ${message}`));
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : '';
  return { reason: 'InvalidSpec', message: `${shown.join('; ')}${more}` };
}
