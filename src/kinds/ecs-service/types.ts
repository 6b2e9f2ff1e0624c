import type { Service } from '@aws-sdk/client-ecs';
import type { DesiredBase, ObservedBase, Problem, TagMap } from '../../reconcile/kind.ts';
import type { JsonObject } from '../../shape/shape.ts';
import type { ObservedRevisions } from '../ecs-task-definition/revision.ts';
import type { EcsServiceStatus } from './schema.ts';
import type { WantedTaskDefinition } from './task-definition.ts';

/** How the rollout of one content goes. */
export type RolloutStatus = NonNullable<EcsServiceStatus['rollout']>;
export type DeploymentStatus = NonNullable<EcsServiceStatus['deployment']>;
export type RestartStatus = NonNullable<EcsServiceStatus['restart']>;
export type TemplateStatus = NonNullable<EcsServiceStatus['template']>;
/** A task that stopped, and not because somebody wanted it to. */
export type TaskFailure = NonNullable<EcsServiceStatus['recentFailures']>[number];

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
