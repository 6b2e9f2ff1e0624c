/** The services that the fake answers, by the names of the SDK's clients. */
export type FakeServiceName = 'ecs' | 'servicediscovery' | 'sts';

/** One call, as it comes from the SDK or off the wire. */
export interface FakeRequest {
  readonly service: FakeServiceName;
  /** AWS's name, e.g. `CreateService`. */
  readonly operation: string;
  /** The SDK's shape of the input; timestamps are Dates. */
  readonly input: unknown;
  readonly accountId: string;
  readonly region: string;
  /** ARN of who calls; the account's root when left out. */
  readonly caller?: string;
}

/** What a service module learns about a call besides its input. */
export interface CallContext {
  readonly caller: string;
}

/** One AWS service in one account and region: a plain, synchronous state machine. */
export interface FakeService {
  /**
   * @returns the output in the SDK's shape. Its nested parts may be frozen and shared with the state: read only.
   * @throws AwsError as AWS would answer it.
   */
  handle(operation: string, input: unknown, context: CallContext): object;
  /** The whole state as plain data, for a person or a test to look at. */
  snapshot(): object;
}
