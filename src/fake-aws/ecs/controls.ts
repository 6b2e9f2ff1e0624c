import type { Cluster, ContainerDefinition, Service, Tag } from '@aws-sdk/client-ecs';
import { failDeployment } from './circuit-breaker.ts';
import type { EcsContext } from './context.ts';
import { lookSoon } from './look.ts';
import { addInstance, defaultFullReason } from './placement.ts';
import type { ClusterRecord, InstanceRecord, ServiceRecord, TaskRecord } from './records.ts';
import type { TaskRule } from './task-rules.ts';
import { exit, isActive, stopTask } from './tasks.ts';

/** A service by its cluster's and its own name. */
export interface ServicePlace {
  readonly cluster: string;
  readonly service: string;
}

/** What can be changed on a service without any call, deployment or event, as if AWS had always held it. */
export interface ServicePatch {
  readonly desiredCount?: number;
  readonly tags?: readonly Tag[];
  readonly enableExecuteCommand?: boolean;
  readonly healthCheckGracePeriodSeconds?: number;
  readonly deploymentConfiguration?: Service['deploymentConfiguration'];
  /** A revision by ARN, `family:revision` or `family`. */
  readonly taskDefinition?: string;
  readonly serviceConnectConfiguration?: ServiceRecord['content']['serviceConnectConfiguration'];
  readonly loadBalancers?: ServiceRecord['content']['loadBalancers'];
  readonly networkConfiguration?: ServiceRecord['content']['networkConfiguration'];
}

/** What can be changed on a registered task definition, which AWS itself never does. */
export interface TaskDefinitionPatch {
  readonly tags?: readonly Tag[];
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly containerDefinitions?: readonly ContainerDefinition[];
}

/** What can be changed on a cluster. */
export interface ClusterPatch {
  readonly tags?: readonly Tag[];
  readonly settings?: NonNullable<Cluster['settings']>;
  readonly capacityProviders?: readonly string[];
  readonly serviceConnectDefaults?: ClusterRecord['serviceConnectDefaults'];
}

/**
 * Acts on ECS behind every client's back: what tests need, and what people at a demo try. Each method throws an Error
 * that names what is missing when it is called for something that is not there.
 */
export class EcsControls {
  readonly #ctx: EcsContext;

  constructor(ctx: EcsContext) {
    this.#ctx = ctx;
  }

  /** Lets running tasks of a service exit by themselves. @returns the ARNs of those that did. */
  killTasks(
    options: ServicePlace & { readonly exitCode?: number; readonly reason?: string; readonly count?: number },
  ): string[] {
    const service = this.#service(options);
    const tasks = activeTasks(service).slice(0, options.count);
    for (const task of tasks) {
      if (task.startedAt) exit(this.#ctx, task, options.exitCode ?? 1, options.reason);
      else stopTask(this.#ctx, task, { code: 'TaskFailedToStart', reason: options.reason ?? 'Task failed to start' });
    }
    return tasks.map(({ arn }) => arn);
  }

  /** Gives tasks that match a fate from now on: failing to start, exiting, failing checks, hanging. @returns its number. */
  addTaskRule(rule: TaskRule): number {
    return this.#ctx.rules.add(rule);
  }

  /** Takes a rule back, or all of them. Tasks that hang stay as they are. */
  removeTaskRule(number?: number): void {
    if (number === undefined) this.#ctx.rules.clear();
    else this.#ctx.rules.remove(number);
  }

  taskRules(): { readonly number: number; readonly rule: TaskRule }[] {
    return this.#ctx.rules.list();
  }

  /** Stops the scheduler at a service: nothing is started, stopped or completed until `release`. */
  hold(place: ServicePlace): void {
    this.#service(place).held = true;
  }

  release(place: ServicePlace): void {
    const service = this.#service(place);
    service.held = false;
    this.#look(service);
  }

  /** Fails the deployment that is under way, as an alarm would. */
  failDeployment(options: ServicePlace & { readonly reason?: string; readonly rollback?: boolean }): void {
    const service = this.#service(options);
    const [deployment] = service.deployments;
    if (deployment?.rolloutState !== 'IN_PROGRESS') {
      throw new Error(`service ${service.name} has no deployment in progress that could fail`);
    }
    failDeployment(this.#ctx, service, {
      deployment,
      by: 'ECS deployment alarm',
      reason: options.reason ?? 'alarm detected.',
      rollback: options.rollback ?? true,
    });
  }

  /** From now on no task finds a place in the cluster; `freeCapacity` ends it. */
  fillCapacity(options: { readonly cluster: string; readonly reason?: string }): void {
    this.#cluster(options.cluster).full = options.reason ?? defaultFullReason();
  }

  freeCapacity(options: { readonly cluster: string }): void {
    this.#cluster(options.cluster).full = undefined;
    this.#ctx.capacityChanged(options.cluster);
  }

  /**
   * Gives the cluster container instances; from the first call on it has these and no others (0 leaves it without any).
   * @returns the ARNs.
   */
  addContainerInstances(options: {
    readonly cluster: string;
    readonly count: number;
    readonly cpu?: number;
    readonly memory?: number;
  }): string[] {
    const cluster = this.#cluster(options.cluster);
    cluster.bounded = true;
    const { cpu, memory } = options;
    const size = { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
    const made = Array.from({ length: options.count }, () =>
      addInstance(this.#ctx, cluster, { implicit: false, ...size }),
    );
    this.#ctx.capacityChanged(cluster.name);
    return made.map(({ arn }) => arn);
  }

  /** Takes instances away, with the tasks on them; all of the cluster's when no ARNs are given. */
  removeContainerInstances(options: { readonly cluster: string; readonly arns?: readonly string[] }): void {
    const cluster = this.#cluster(options.cluster);
    cluster.bounded = true;
    for (const arn of options.arns ?? [...cluster.instances.keys()]) {
      const instance = cluster.instances.get(arn);
      if (!instance) throw new Error(`cluster ${cluster.name} has no container instance ${arn}`);
      this.#removeInstance(cluster, instance);
    }
    this.#ctx.capacityChanged(cluster.name);
  }

  /** Says that a target group has no load balancer yet: CreateService and UpdateService that name it are refused. */
  detachTargetGroup(arn: string): void {
    this.#ctx.state.looseTargetGroups.add(arn);
  }

  attachTargetGroup(arn: string): void {
    this.#ctx.state.looseTargetGroups.delete(arn);
  }

  /** Changes a service as if AWS had always held it so: no deployment starts, no event is written. */
  patchService(place: ServicePlace, patch: ServicePatch): void {
    const service = this.#service(place);
    const { taskDefinition: reference, healthCheckGracePeriodSeconds: grace } = patch;
    if (reference !== undefined) {
      const taskDefinition = this.#ctx.state.taskDefinition(reference);
      if (!taskDefinition) throw new Error(`there is no task definition ${reference}`);
      service.content = { ...service.content, taskDefinition };
    }
    service.desiredCount = patch.desiredCount ?? service.desiredCount;
    service.tags = patch.tags ?? service.tags;
    service.enableExecuteCommand = patch.enableExecuteCommand ?? service.enableExecuteCommand;
    service.gracePeriod = grace ?? service.gracePeriod;
    service.deploymentConfiguration = patch.deploymentConfiguration ?? service.deploymentConfiguration;
    const { serviceConnectConfiguration, loadBalancers, networkConfiguration } = patch;
    service.content = {
      ...service.content,
      ...(serviceConnectConfiguration ? { serviceConnectConfiguration } : {}),
      ...(loadBalancers ? { loadBalancers } : {}),
      ...(networkConfiguration ? { networkConfiguration } : {}),
    };
    rewriteRevision(service);
    this.#look(service);
  }

  patchTaskDefinition(reference: string, patch: TaskDefinitionPatch): void {
    const record = this.#ctx.state.taskDefinition(reference);
    if (!record) throw new Error(`there is no task definition ${reference}`);
    record.tags = patch.tags ?? record.tags;
    record.status = patch.status ?? record.status;
    if (patch.containerDefinitions) {
      record.definition = { ...record.definition, containerDefinitions: [...patch.containerDefinitions] };
    }
  }

  patchCluster(name: string, patch: ClusterPatch): void {
    const cluster = this.#cluster(name);
    cluster.tags = patch.tags ?? cluster.tags;
    cluster.settings = patch.settings ?? cluster.settings;
    cluster.capacityProviders = patch.capacityProviders ?? cluster.capacityProviders;
    if ('serviceConnectDefaults' in patch) cluster.serviceConnectDefaults = patch.serviceConnectDefaults;
  }

  #look(service: ServiceRecord): void {
    lookSoon(this.#ctx, service, this.#ctx.durations.schedule);
  }

  #removeInstance(cluster: ClusterRecord, instance: InstanceRecord): void {
    instance.status = 'DRAINING';
    cluster.instances.delete(instance.arn);
    for (const task of [...instance.tasks]) {
      const reason = `Host EC2 (instance ${instance.ec2InstanceId}) terminated.`;
      stopTask(this.#ctx, task, { code: 'TerminationNotice', reason });
    }
  }

  #cluster(name: string): ClusterRecord {
    const cluster = this.#ctx.state.cluster(name);
    if (!cluster) throw new Error(`there is no cluster ${name}`);
    return cluster;
  }

  #service({ cluster, service }: ServicePlace): ServiceRecord {
    const found = this.#ctx.state.service(this.#cluster(cluster), service);
    if (!found) throw new Error(`cluster ${cluster} has no service ${service}`);
    return found;
  }
}

/** Lets the PRIMARY deployment's revision say what the service says, as if it had never said anything else. */
function rewriteRevision(service: ServiceRecord): void {
  const [primary] = service.deployments;
  if (!primary || primary.revision.content === service.content) return;
  const former = primary.revision;
  const revision = { ...former, content: service.content };
  if (former.content.taskDefinition) former.content.taskDefinition.users--;
  if (revision.content.taskDefinition) revision.content.taskDefinition.users++;
  primary.revision = revision;
  service.revisions.set(revision.arn, revision);
  if (service.lastCompleted === former) service.lastCompleted = revision;
  if (primary.serviceDeployment?.target === former) primary.serviceDeployment.target = revision;
}

function activeTasks(service: ServiceRecord): TaskRecord[] {
  return [...service.deployments, ...service.taskSets].flatMap(({ tasks }) => [...tasks]).filter(isActive);
}
