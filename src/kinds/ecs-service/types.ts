import type { Service } from '@aws-sdk/client-ecs';
import type { DesiredBase, ObservedBase, Problem, TagMap } from '../../reconcile/kind.ts';
import type { CommonStatus, EcsObject, ObjectRef, OwnSpec } from '../../reconcile/types.ts';
import type { JsonObject } from '../../shape/shape.ts';
import type { ObservedRevisions } from '../ecs-task-definition/revision.ts';
import type { WantedTaskDefinition } from './task-definition.ts';
import type { TemplateStatus } from './template.ts';

/** The spec of an EcsService: AWS's part (the members of CreateService) and ours. */
export interface EcsServiceSpec extends OwnSpec {
  readonly clusterRef?: ObjectRef;
  readonly taskDefinitionRef?: ObjectRef & { readonly revision?: number };
  readonly taskDefinitionTemplate?: JsonObject;
  /** Any instant, RFC 3339. Another one starts a new deployment. */
  readonly restartedAt?: string;
  /** Own revisions of a template that are kept; 0 keeps all. Default 10. */
  readonly revisionHistoryLimit?: number;
  readonly rollout?: { readonly progressDeadlineSeconds?: number };
  /** AWS's part, as it stands in the manifest. */
  readonly [member: string]: unknown;
}

/** How the rollout of one content goes. */
export interface RolloutStatus {
  /** Hash of what starts a deployment: another one is another rollout. */
  readonly contentHash: string;
  /** Hash of all that may decide whether a rollout succeeds: AWS is asked once for each. */
  readonly attempt?: string;
  readonly state: 'Starting' | 'InProgress' | 'Completed' | 'Failed' | 'RolledBack';
  readonly startedAt?: string;
  readonly completedAt?: string;
  /** When tasks were last seen to come or go, and how many there were. */
  readonly lastProgressAt?: string;
  readonly progress?: string;
  /** The deployment in AWS that brings it. */
  readonly deploymentId?: string;
  /** The PRIMARY deployment just before ours was asked for. */
  readonly deploymentBefore?: string;
  /** The attempt that AWS, or a person in AWS, rolled back or stopped. */
  readonly rolledBackContent?: string;
  /** The service deployment in which that happened. */
  readonly rolledBackDeployment?: string;
  /** AWS's words about a failure. */
  readonly reason?: string;
}

export interface DeploymentStatus {
  readonly id: string;
  readonly rolloutState?: string;
  readonly rolloutStateReason?: string;
  readonly createdAt?: string;
  readonly desiredCount?: number;
  readonly runningCount?: number;
  readonly pendingCount?: number;
  readonly failedTasks?: number;
}

export interface RestartStatus {
  readonly requestedAt: string;
  /** The PRIMARY deployment before the restart; empty when there was none. */
  readonly deploymentBefore: string;
  readonly done?: boolean;
}

export interface TaskFailure {
  readonly taskArn: string;
  readonly stoppedReason?: string;
  readonly stopCode?: string;
  readonly stoppedAt?: string;
  readonly exitCodes?: readonly {
    readonly container: string;
    readonly exitCode?: number;
    readonly reason?: string;
  }[];
}

export interface EcsServiceStatus extends CommonStatus {
  readonly clusterArn?: string;
  /** The task definition revision that is wanted, where it is known. */
  readonly taskDefinitionArn?: string;
  /** The one that AWS runs. */
  readonly currentTaskDefinitionArn?: string;
  readonly desiredCount?: number;
  readonly runningCount?: number;
  readonly pendingCount?: number;
  /** For the scale subresource. */
  readonly selector?: string;
  readonly createdAt?: string;
  readonly deployment?: DeploymentStatus;
  readonly rollout?: RolloutStatus;
  readonly restart?: RestartStatus;
  /** Since when fewer tasks run than minimumHealthyPercent of desired, after there had been enough. */
  readonly shortSince?: string;
  readonly recentFailures?: readonly TaskFailure[];
  readonly template?: TemplateStatus;
  /** AWS's newest service event that was told. */
  readonly lastEventId?: string;
  /** The service revisions that were compared, newest first, and the hash of the settings that it was found to hold. */
  readonly revision?: { readonly arn: string; readonly settings: string };
  /** What a Service Connect namespace that the spec gives by name is. */
  readonly namespace?: { readonly name: string; readonly arn: string };
}

export type EcsService = EcsObject<EcsServiceSpec, EcsServiceStatus>;

export type Controller = 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';

/** What a spec asks of AWS. */
export interface EcsServiceDesired extends DesiredBase {
  /** Name or ARN, as calls take it. */
  readonly cluster: string;
  /**
   * The declared members of CreateService, normalised, with references resolved: all but cluster, serviceName,
   * taskDefinition, desiredCount and tags, which have rules of their own.
   */
  readonly request: JsonObject;
  readonly tags: TagMap;
  /** Undefined: created with one task, then an autoscaler's or a person's. */
  readonly desiredCount: number | undefined;
  /** Undefined only under the EXTERNAL controller, or while the object is deleted. */
  readonly taskDefinition: WantedTaskDefinition | undefined;
  readonly restartedAt: string | undefined;
  readonly progressDeadlineSeconds: number;
  /** See `RolloutStatus.contentHash`. */
  readonly content: string;
  /** See `RolloutStatus.attempt`. */
  readonly attempt: string;
  /** What the spec asks otherwise than AWS allows to change. */
  readonly immutable: Problem | undefined;
}

/** What ListServiceDeployments says about the last attempt. */
export type History =
  /** Nothing of ours: what differs was changed by somebody, or never reached AWS. */
  | { readonly type: 'none' }
  /** AWS has our deployment, though the service does not show it yet. */
  | { readonly type: 'lagging' }
  | { readonly type: 'rolledBack'; readonly deploymentArn: string; readonly reason: string };

/** What was read of AWS. */
export interface EcsServiceObserved extends ObservedBase {
  /** Also there while it is draining. */
  readonly service: Service | undefined;
  /** AWS's side in the names and the form of `EcsServiceDesired.request`. */
  readonly live: JsonObject;
  /** Undefined when it did not have to be asked. */
  readonly history: History | undefined;
  readonly failures: readonly TaskFailure[] | undefined;
  readonly revision: EcsServiceStatus['revision'];
  readonly namespace: EcsServiceStatus['namespace'];
  /** The revisions of a `taskDefinitionTemplate`. */
  readonly template: ObservedRevisions | undefined;
}

/** One call that changes AWS. */
export type EcsServiceAction =
  | { readonly type: 'RegisterTaskDefinition' }
  | { readonly type: 'CreateService'; readonly request: JsonObject; readonly count: number | undefined }
  | {
      readonly type: 'UpdateService';
      /** Members of UpdateService, but for cluster and service. */
      readonly request: JsonObject;
      /** What it changes, for people; without sensitive values. */
      readonly changes: readonly string[];
    }
  | { readonly type: 'TagResource'; readonly arn: string; readonly tags: TagMap }
  | { readonly type: 'UntagResource'; readonly arn: string; readonly keys: readonly string[] }
  | { readonly type: 'DeleteService' }
  | { readonly type: 'DeregisterTaskDefinition'; readonly arn: string };
