import type { LeafVerdict, Problem } from '../../reconcile/kind.ts';
import { compareDeclared, type Difference } from '../../shape/compare.ts';
import { ecsRules } from '../../shape/ecs-rules.ts';
import { topMember } from '../../shape/leaves.ts';
import { isList, isObject, type Json, type JsonObject } from '../../shape/shape.ts';
import { serviceShape } from '../../shape/shapes.ts';
import { controllerOf, hasStrategy, isUpdatable, rulesOf, shiftsTraffic } from './fields.ts';
import type { EcsServiceStatus } from './schema.ts';
import { isWanted, taskDefinitionKey } from './task-definition.ts';
import { templateArn } from './template.ts';
import type { Controller, EcsServiceDesired, EcsServiceObserved } from './types.ts';

export interface DriftInput {
  readonly desired: EcsServiceDesired;
  readonly observed: Pick<EcsServiceObserved, 'service' | 'live' | 'namespace' | 'template'>;
  readonly status: EcsServiceStatus | undefined;
}

/**
 * The controller that decides what may be updated: the one AWS has, but ECS where the spec declares ECS (which
 * UpdateService can go back to).
 */
export function effectiveController({ desired, observed }: Pick<DriftInput, 'desired' | 'observed'>): Controller {
  const declared = desired.request.deploymentController;
  return declared === undefined ? controllerOf(observed.live) : controllerOf(desired.request);
}

/** Every declared leaf of a live service that AWS holds otherwise, the task definition and the count included. */
export function differences(input: DriftInput): readonly Difference[] {
  const { desired, observed, status } = input;
  const names = new Map(observed.namespace === undefined ? [] : [[observed.namespace.arn, observed.namespace.name]]);
  const found = compareDeclared({
    declared: desired.request,
    live: observed.live,
    shape: serviceShape,
    rules: ecsRules,
    confirmed: (path) => isConfirmed(path, desired, status),
    names,
  }).filter((difference) => rulesOf(topMember(difference.path)).fixed !== true);
  const kept = shiftsTraffic(observed.live)
    ? found.filter((difference) => !isTrafficShift(difference, desired, status, observed))
    : found;
  return [...kept, ...taskDefinitionDifference(input), ...countDifference(input)];
}

function taskDefinitionDifference({ desired, observed }: DriftInput): readonly Difference[] {
  const { taskDefinition } = desired;
  const live = observed.service?.taskDefinition;
  if (taskDefinition === undefined || isWanted(taskDefinition, live, templateArn(observed))) return [];
  return [{ path: 'taskDefinition', declared: taskDefinitionKey(taskDefinition), live, sensitive: false }];
}

function countDifference({ desired, observed }: DriftInput): readonly Difference[] {
  const live = observed.service?.desiredCount;
  if (desired.desiredCount === undefined || desired.desiredCount === live) return [];
  return [{ path: 'desiredCount', declared: desired.desiredCount, live, sensitive: false }];
}

/** Whether AWS once held this very value: then a difference is somebody's doing, and not a change of the spec. */
export function isConfirmed(path: string, desired: EcsServiceDesired, status: EcsServiceStatus | undefined): boolean {
  const applied = status?.applied?.leaves[path];
  return applied !== undefined && applied !== '' && applied === desired.leaves[path];
}

/** Deployments that shift traffic exchange the two target groups: not drift, as long as the spec did not change. */
function isTrafficShift(
  { path, declared, live }: Difference,
  desired: EcsServiceDesired,
  status: EcsServiceStatus | undefined,
  { service }: Pick<EcsServiceObserved, 'service'>,
): boolean {
  if (path !== 'loadBalancers' && path !== 'vpcLatticeConfigurations') return false;
  if (!isConfirmed(path, desired, status)) return false;
  const shifting = (service?.deployments?.length ?? 0) > 1;
  return shifting || JSON.stringify(targetGroups(declared)) === JSON.stringify(targetGroups(live));
}

function targetGroups(balancers: Json | undefined): readonly string[] {
  if (!isList(balancers)) return [];
  return balancers
    .flatMap((balancer) => {
      if (!isObject(balancer)) return [];
      const advanced = balancer.advancedConfiguration;
      return [balancer.targetGroupArn, isObject(advanced) ? advanced.alternateTargetGroupArn : undefined];
    })
    .filter((arn) => typeof arn === 'string')
    .sort();
}

/** What to do about the differences, by policy and by what AWS lets us do. */
export interface Verdicts {
  readonly apply: readonly Difference[];
  readonly reported: readonly Difference[];
  /** A change of the spec that no call of ours can bring about. */
  readonly refused: Problem | undefined;
}

export function judgeDifferences(input: DriftInput & { readonly judge: (path: string) => LeafVerdict }): Verdicts {
  const { desired, status, judge } = input;
  const controller = effectiveController(input);
  const apply: Difference[] = [];
  const reported: Difference[] = [];
  let refused: Problem | undefined;
  for (const difference of differences(input)) {
    const { path } = difference;
    const member = topMember(path);
    if (member !== 'desiredCount' && !isUpdatable(member, controller)) {
      // The controller's business (task definition, target groups, platform version), unless the spec changed.
      if (isChangedSpec(path, desired, status)) refused ??= notOurs(path, controller);
      continue;
    }
    switch (judge(path)) {
      case 'apply':
        apply.push(difference);
        break;
      case 'report':
        reported.push(difference);
        break;
      default:
    }
  }
  return { apply, reported, refused: refused ?? fixedProblem(desired.request, input.observed.live) };
}

function isChangedSpec(path: string, desired: EcsServiceDesired, status: EcsServiceStatus | undefined): boolean {
  const applied = status?.applied?.leaves[path];
  return applied !== undefined && applied !== '' && applied !== desired.leaves[path];
}

function notOurs(path: string, controller: Controller): Problem {
  const how = controller === 'CODE_DEPLOY' ? 'a CodeDeploy deployment' : 'a task set';
  return {
    reason: 'ManagedByDeploymentController',
    message: `${path} was changed in the spec, but the deployment controller is ${controller}: it changes only by ${how}; do that, or take the change back`,
  };
}

/** What AWS never lets change; CEL refuses it in the manifest, so this is a service that was adopted as another. */
function fixedProblem(declared: JsonObject, live: JsonObject): Problem | undefined {
  const scheduling = declared.schedulingStrategy;
  if (scheduling !== undefined && scheduling !== (live.schedulingStrategy ?? 'REPLICA')) {
    return fixed('schedulingStrategy', live.schedulingStrategy, scheduling);
  }
  const launchType = declared.launchType;
  if (launchType === undefined || hasStrategy(declared) || hasStrategy(live)) return undefined;
  const current = live.launchType;
  return current === undefined || current === launchType ? undefined : fixed('launchType', current, launchType);
}

function fixed(member: string, live: Json | undefined, declared: Json): Problem {
  return {
    reason: 'ImmutableField',
    message: `${member} of the service in AWS is ${String(live)} and cannot become ${String(declared)}; change the spec, or delete the service and create it again`,
  };
}

/** A declared launch type while AWS still has a capacity provider strategy: an empty one goes back to the launch type. */
export function leavesStrategy(declared: JsonObject, live: JsonObject): boolean {
  return declared.launchType !== undefined && !hasStrategy(declared) && hasStrategy(live);
}
