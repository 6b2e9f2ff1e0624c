import type { FakeScope } from '../core/scope.ts';
import { clusterArn, resourceOf } from './arns.ts';
import { awsDurations } from './durations.ts';
import { clusterNotFound, serviceNotFound } from './errors.ts';
import type {
  CapacityProviderRecord,
  ClusterRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskDefinitionRecord,
} from './records.ts';

/** A family with its revisions; the number of the last one never falls, whatever is deregistered or deleted. */
export interface FamilyRecord {
  lastRevision: number;
  readonly revisions: Map<number, TaskDefinitionRecord>;
}

/** Everything that ECS holds in one account and region, and how things are found in it. */
export class EcsState {
  readonly #scope: FakeScope;
  readonly #clusters = new Map<string, ClusterRecord>();
  readonly families = new Map<string, FamilyRecord>();
  readonly capacityProviders = new Map<string, CapacityProviderRecord>();
  readonly serviceDeployments = new Map<string, ServiceDeploymentRecord>();
  readonly accountSettings = new Map<string, string>();
  /** Cloud Map services of Service Connect by ARN: who uses each, and whether ECS made it. */
  readonly connectServices = new Map<string, { readonly made: boolean; readonly users: Set<ServiceRecord> }>();
  /** Target groups that a test declared to be without a load balancer. */
  readonly looseTargetGroups = new Set<string>();

  constructor(scope: FakeScope) {
    this.#scope = scope;
  }

  /** All clusters, INACTIVE ones included while they are remembered, by name. */
  get clusters(): readonly ClusterRecord[] {
    for (const [name, cluster] of this.#clusters) {
      if (this.#forgotten(cluster.goneAt)) this.#clusters.delete(name);
    }
    return [...this.#clusters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  putCluster(cluster: ClusterRecord): void {
    this.#clusters.set(cluster.name, cluster);
  }

  /** A cluster by name or ARN, whatever its status; undefined when there is none. */
  cluster(reference = 'default'): ClusterRecord | undefined {
    const name = reference.startsWith('arn:') ? this.#nameOfCluster(reference) : reference;
    const cluster = this.#clusters.get(name ?? '');
    return cluster && !this.#forgotten(cluster.goneAt) ? cluster : undefined;
  }

  /** @throws AwsError ClusterNotFoundException unless the cluster is there and ACTIVE. */
  activeCluster(reference: string | undefined): ClusterRecord {
    const cluster = this.cluster(reference);
    if (!cluster) throw clusterNotFound();
    if (cluster.status !== 'ACTIVE') throw clusterNotFound('The referenced cluster was inactive.');
    return cluster;
  }

  /** A service by name or ARN (long or short form), whatever its status; undefined when there is none. */
  service(cluster: ClusterRecord, reference: string): ServiceRecord | undefined {
    const name = reference.startsWith('arn:') ? this.#nameOfService(cluster, reference) : reference;
    const service = cluster.services.get(name ?? '');
    if (!service) return undefined;
    if (this.#forgotten(service.goneAt)) {
      cluster.services.delete(service.name);
      return undefined;
    }
    return service;
  }

  /** @throws AwsError ServiceNotFoundException when there is none. */
  existingService(cluster: ClusterRecord, reference: string): ServiceRecord {
    const service = this.service(cluster, reference);
    if (!service) throw serviceNotFound();
    return service;
  }

  /** Revisions by ARN, `family:revision` or `family` (its latest ACTIVE one). */
  taskDefinition(reference: string): TaskDefinitionRecord | undefined {
    const text = reference.startsWith('arn:') ? resourceOf(this.#scope, reference) : `task-definition/${reference}`;
    const match = /^task-definition\/([^:/]+)(?::(\d+))?$/.exec(text ?? '');
    const family = this.families.get(match?.[1] ?? '');
    if (!family) return undefined;
    if (match?.[2] !== undefined) return this.#unlessDeleted(family, family.revisions.get(Number(match[2])));
    for (let revision = family.lastRevision; revision > 0; revision--) {
      const found = family.revisions.get(revision);
      if (found?.status === 'ACTIVE') return found;
    }
    return undefined;
  }

  /** All revisions, in the order of their families' names and their numbers. */
  taskDefinitions(): TaskDefinitionRecord[] {
    const names = [...this.families.keys()].sort();
    return names.flatMap((name) => {
      const family = this.families.get(name);
      if (!family) return [];
      return [...family.revisions.values()].filter((found) => this.#unlessDeleted(family, found) !== undefined);
    });
  }

  /** Whether something that went at `goneAt` can no longer be described. */
  #forgotten(goneAt: number | undefined): boolean {
    if (goneAt === undefined) return false;
    return this.#scope.clock.now() >= goneAt + this.#scope.timers.scaled(awsDurations.remembered);
  }

  /** A revision under deletion goes when nobody uses it and some time has passed; looked at on reading, so no timer. */
  #unlessDeleted(family: FamilyRecord, found: TaskDefinitionRecord | undefined): TaskDefinitionRecord | undefined {
    if (found?.status !== 'DELETE_IN_PROGRESS' || found.users > 0) return found;
    const requested = found.deleteRequestedAt?.getTime() ?? 0;
    const due = requested + this.#scope.timers.scaled(awsDurations.taskDefinitionDeletion);
    if (this.#scope.clock.now() < due) return found;
    family.revisions.delete(found.revision);
    return undefined;
  }

  #nameOfCluster(arn: string): string | undefined {
    const name = resourceOf(this.#scope, arn)?.replace(/^cluster\//, '');
    return name !== undefined && clusterArn(this.#scope, name) === arn ? name : undefined;
  }

  #nameOfService(cluster: ClusterRecord, arn: string): string | undefined {
    const match = /^service\/(?:([^/]+)\/)?([^/]+)$/.exec(resourceOf(this.#scope, arn) ?? '');
    return match && (match[1] ?? cluster.name) === cluster.name ? match[2] : undefined;
  }
}
