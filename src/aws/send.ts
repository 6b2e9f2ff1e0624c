/** The AWS services that the operator calls. */
export type AwsService = 'ecs' | 'servicediscovery' | 'sts';

/** Where and as whom a call is made. Two targets with the same fields are the same. */
export interface AwsTarget {
  readonly region: string;
  /** An endpoint for every service, e.g. the fake's; without one the SDK's own rules hold. */
  readonly endpoint?: string;
  /** A role to assume from the operator's own identity. */
  readonly roleArn?: string;
  readonly externalId?: string;
}

/** One call, as it goes to the SDK. */
export interface AwsRequest {
  readonly target: AwsTarget;
  readonly service: AwsService;
  /** AWS's name, e.g. `CreateService`. */
  readonly operation: string;
  readonly input: object;
  readonly signal: AbortSignal;
  /** To be called right before the request leaves; when it throws, nothing may leave, and the call throws the same. */
  readonly check?: () => void;
}

/**
 * The one seam below the gateway: a single attempt, without any retry.
 * @returns the operation's output, as the SDK would give it.
 * @throws what the SDK throws: an Error whose `name` is AWS's error code, with `$fault` and `$metadata` where an
 * answer was had, and none where there was no answer (the effect may have happened all the same).
 */
export type AwsSend = (request: AwsRequest) => Promise<object>;
