/** How long things take on AWS, in milliseconds of AWS's time. Rough means of what Fargate shows; none is promised. */
export interface Durations {
  /** From a change to the scheduler's look at the service. */
  readonly schedule: number;
  /** Network interface and host, under awsvpc. */
  readonly provisioning: number;
  /** Pull and start of the containers. */
  readonly pending: number;
  /** Registration with load balancer, Cloud Map or Service Connect. */
  readonly activating: number;
  /** RUNNING without any health check, until it counts as healthy (DeploymentConfiguration.minimumHealthyPercent). */
  readonly settle: number;
  /** RUNNING until a target group sees it healthy. */
  readonly targetHealthy: number;
  /** Leaving load balancer and Cloud Map. */
  readonly deactivating: number;
  /** From SIGTERM to the exit of the containers. */
  readonly stopping: number;
  /** Giving the network interface back, under awsvpc. */
  readonly deprovisioning: number;
  /** From the end of a deleted service's task to the end of its Cloud Map instance. */
  readonly lateDeregistration: number;
  /** Between two stages of a staged rollout. */
  readonly stage: number;
  /** First wait after failed starts or placements; doubles up to `longestBackoff`. */
  readonly backoff: number;
  readonly longestBackoff: number;
  /** Change of a cluster's capacity provider attachments. */
  readonly attachments: number;
  /** How long what is gone or stopped can still be described. */
  readonly remembered: number;
  /** Between two "has reached a steady state" of a service that rests. */
  readonly steadyRepeat: number;
  /** From DeleteTaskDefinitions to the end of a revision that nobody uses. */
  readonly taskDefinitionDeletion: number;
}

export const awsDurations: Durations = {
  schedule: 2_000,
  provisioning: 8_000,
  pending: 10_000,
  activating: 3_000,
  settle: 40_000,
  targetHealthy: 20_000,
  deactivating: 10_000,
  stopping: 3_000,
  deprovisioning: 6_000,
  lateDeregistration: 30_000,
  stage: 5_000,
  backoff: 10_000,
  longestBackoff: 300_000,
  attachments: 10_000,
  remembered: 3_600_000,
  steadyRepeat: 21_600_000,
  taskDefinitionDeletion: 60_000,
};
