import type { AwsErrorKind, Missing } from './errors.ts';
import type { OperationFacts } from './operations.ts';

/** What an error code means, before the message is looked at. */
export interface CodeMeaning {
  readonly kind: AwsErrorKind;
  /** For NotFound: what is not there. It is not always what the operation is about. */
  readonly missing?: Missing;
}

const all = (codes: string, meaning: CodeMeaning): [string, CodeMeaning][] =>
  codes.split(/\s+/).map((code) => [code, meaning]);

/**
 * AWS's error codes, modelled or not: ECS, Cloud Map, STS and what any service may answer.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
 */
export const CODES: ReadonlyMap<string, CodeMeaning> = new Map([
  ...all('ClusterNotFoundException', { kind: 'NotFound', missing: 'cluster' }),
  ...all('ServiceNotFoundException ServiceNotFound', { kind: 'NotFound', missing: 'service' }),
  ...all('NamespaceNotFoundException NamespaceNotFound', { kind: 'NotFound', missing: 'namespace' }),
  ...all('TaskSetNotFoundException', { kind: 'NotFound', missing: 'taskSet' }),
  ...all('ServiceDeploymentNotFoundException', { kind: 'NotFound', missing: 'serviceDeployment' }),
  ...all('InstanceNotFound', { kind: 'NotFound', missing: 'instance' }),
  ...all('OperationNotFound', { kind: 'NotFound', missing: 'operation' }),
  ...all('ResourceNotFoundException TargetNotFoundException', { kind: 'NotFound', missing: 'resource' }),

  ...all('NamespaceAlreadyExists ServiceAlreadyExists', { kind: 'AlreadyExists' }),

  // What AWS is doing, or still holds, is in the way; that passes.
  ...all(
    `ClusterContainsCapacityProviderException ClusterContainsContainerInstancesException
     ClusterContainsServicesException ClusterContainsTasksException ConflictException DuplicateRequest ResourceInUse
     ResourceInUseException ServiceNotActiveException UpdateInProgressException`,
    { kind: 'Conflict' },
  ),

  // A quota is here too: only a person can raise it, and trying again at once does not help.
  ...all(
    `AttributeLimitExceededException ClientException InvalidAction InvalidInput InvalidParameterCombination
     InvalidParameterException InvalidParameterValue LimitExceededException MissingParameter
     PlatformTaskDefinitionIncompatibilityException PlatformUnknownException ResourceLimitExceeded
     SerializationException ServiceAttributesLimitExceededException TooManyTagsException UnknownOperationException
     UnsupportedFeatureException ValidationError ValidationException`,
    { kind: 'Invalid' },
  ),

  ...all(
    `AccessDenied AccessDeniedException AuthFailure BlockedException CredentialsProviderError IncompleteSignature
     IncompleteSignatureException InvalidAccessKeyId InvalidClientTokenId InvalidIdentityToken
     InvalidIdentityTokenException InvalidSignatureException MissingAuthenticationToken
     MissingAuthenticationTokenException NotAuthorized OptInRequired RegionDisabledException SignatureDoesNotMatch
     SubscriptionRequiredException TokenProviderError UnauthorizedOperation UnrecognizedClientException`,
    { kind: 'Denied' },
  ),

  ...all(
    `RequestLimitExceeded RequestLimitExceededException RequestThrottled RequestThrottledException SlowDown
     ThrottledException Throttling ThrottlingException TooManyRequestsException`,
    { kind: 'Throttled' },
  ),

  // Expired credentials are fetched anew by the next attempt; a clock that is off is corrected by the SDK.
  ...all(
    `ExpiredToken ExpiredTokenException IDPCommunicationError IDPCommunicationErrorException InternalError
     InternalFailure InternalServerError InternalServerException RequestExpired RequestInTheFuture RequestTimeTooSkewed
     RequestTimeout RequestTimeoutException ServerException ServiceUnavailable ServiceUnavailableException`,
    { kind: 'Transient' },
  ),
]);

/**
 * What the message says where the code alone says too little: ECS puts most of its refusals under ClientException and
 * InvalidParameterException. AWS keeps these words for years, since people's scripts look for them too; when they change
 * all the same, the object is shown as refused and tried again later.
 */
export function meaningOfMessage(message: string, facts: OperationFacts): CodeMeaning | undefined {
  for (const row of MESSAGES) if (row.pattern.test(message) && (row.only?.test(facts.name) ?? true)) return row;
  return undefined;
}

const MESSAGES: readonly (CodeMeaning & { readonly pattern: RegExp; readonly only?: RegExp })[] = [
  // The first service of an account, while AWS makes the role.
  { pattern: /unable to assume the service linked role/i, kind: 'Conflict' },
  { pattern: /is not authorized to perform:/i, kind: 'Denied' },
  // A target group whose listener is made at the same time.
  { pattern: /does not have an associated load balancer/i, kind: 'Conflict' },
  { pattern: /creation of service was not idempotent/i, kind: 'AlreadyExists' },
  { pattern: /still draining/i, kind: 'Conflict' },
  { pattern: /cannot be stopped while it is scaled above 0/i, kind: 'Conflict' },
  { pattern: /too many concurrent attempts to create a new revision/i, kind: 'Conflict' },
  {
    pattern: /unable to describe task ?definition|task ?definition (was )?not found|task definition does not exist/i,
    kind: 'NotFound',
    missing: 'taskDefinition',
  },
  { pattern: /^cluster not found/i, kind: 'NotFound', missing: 'cluster' },
  { pattern: /^service not found/i, kind: 'NotFound', missing: 'service' },
  {
    pattern: /not found|could not be found|does not exist/i,
    only: /^(TagResource|UntagResource|ListTagsForResource)$/,
    kind: 'NotFound',
    missing: 'resource',
  },
];
