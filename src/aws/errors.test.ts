import { describe, expect, it } from 'vitest';
import { type AwsCallError, AwsCredentialsError, classify, isMissing } from './errors.ts';
import type { Operation } from './operations.ts';

/** An error as the SDK throws it for an answer of AWS. */
const answer = (code: string, message = 'words', more: object = {}, status = 400): Error =>
  Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status, requestId: 'r-1' }, ...more });

/** An error as Node throws it when there is no answer. */
const noAnswer = (code: string, message = `connect ${code}`): Error => Object.assign(new Error(message), { code });

const target = { region: 'eu-west-1', endpoint: 'http://127.0.0.1:4566' };
const of = (error: unknown, operation: Operation = 'ecs.CreateService', input: object = {}): AwsCallError =>
  classify(error, { operation, target, input });

describe('what an answer of AWS means', () => {
  it.each<[Operation, string, string, Partial<AwsCallError>, string]>([
    [
      'ecs.CreateService',
      'ClusterNotFoundException',
      'Cluster not found.',
      { kind: 'NotFound', missing: 'cluster' },
      '',
    ],
    [
      'ecs.UpdateService',
      'ServiceNotFoundException',
      'Service not found.',
      { kind: 'NotFound', missing: 'service' },
      '',
    ],
    [
      'servicediscovery.GetService',
      'ServiceNotFound',
      '',
      { kind: 'NotFound', missing: 'service' },
      'Cloud Map’s name',
    ],
    ['ecs.CreateCluster', 'NamespaceNotFoundException', '', { kind: 'NotFound', missing: 'namespace' }, 'a dependency'],
    ['servicediscovery.GetNamespace', 'NamespaceNotFound', '', { kind: 'NotFound', missing: 'namespace' }, ''],
    ['servicediscovery.GetOperation', 'OperationNotFound', '', { kind: 'NotFound', missing: 'operation' }, ''],
    ['servicediscovery.TagResource', 'ResourceNotFoundException', '', { kind: 'NotFound', missing: 'resource' }, ''],
    ['ecs.DescribeTaskSets', 'TaskSetNotFoundException', '', { kind: 'NotFound', missing: 'taskSet' }, ''],
    [
      'ecs.DescribeTaskDefinition',
      'ClientException',
      'Unable to describe task definition.',
      { kind: 'NotFound', missing: 'taskDefinition' },
      'ECS has no code for it',
    ],
    [
      'ecs.CreateService',
      'ClientException',
      'TaskDefinition not found.',
      { kind: 'NotFound', missing: 'taskDefinition' },
      'another wording of the same',
    ],
    [
      'ecs.TagResource',
      'InvalidParameterException',
      'The specified resource could not be found.',
      { kind: 'NotFound', missing: 'resource' },
      'tagging has no code of its own',
    ],
    [
      'ecs.CreateService',
      'InvalidParameterException',
      'The target group could not be found.',
      { kind: 'Invalid' },
      'only tagging says so of the resource itself',
    ],
    [
      'ecs.CreateService',
      'InvalidParameterException',
      'Creation of service was not idempotent.',
      { kind: 'AlreadyExists' },
      '',
    ],
    ['servicediscovery.CreateService', 'ServiceAlreadyExists', '', { kind: 'AlreadyExists' }, ''],
    ['servicediscovery.CreateHttpNamespace', 'NamespaceAlreadyExists', '', { kind: 'AlreadyExists' }, ''],
    [
      'ecs.CreateService',
      'InvalidParameterException',
      'Unable to Start a service that is still Draining.',
      { kind: 'Conflict' },
      'it drains, and then it works',
    ],
    [
      'ecs.DeleteService',
      'InvalidParameterException',
      'The service cannot be stopped while it is scaled above 0.',
      { kind: 'Conflict' },
      'a state, not a wrong request',
    ],
    ['ecs.UpdateService', 'ServiceNotActiveException', 'Service was not ACTIVE.', { kind: 'Conflict' }, ''],
    ['ecs.DeleteCluster', 'ClusterContainsServicesException', '', { kind: 'Conflict' }, ''],
    ['ecs.DeleteCluster', 'ClusterContainsTasksException', '', { kind: 'Conflict' }, ''],
    ['ecs.DeleteCluster', 'ClusterContainsContainerInstancesException', '', { kind: 'Conflict' }, ''],
    ['ecs.PutClusterCapacityProviders', 'UpdateInProgressException', '', { kind: 'Conflict' }, ''],
    ['ecs.PutClusterCapacityProviders', 'ResourceInUseException', '', { kind: 'Conflict' }, ''],
    ['servicediscovery.DeleteNamespace', 'ResourceInUse', '', { kind: 'Conflict' }, 'ECS deregisters instances late'],
    ['servicediscovery.CreateHttpNamespace', 'DuplicateRequest', '', { kind: 'Conflict' }, 'an operation is at it'],
    [
      'ecs.CreateService',
      'InvalidParameterException',
      'Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
      { kind: 'Conflict', missingAction: undefined },
      'AWS is making the role: retryable',
    ],
    [
      'ecs.CreateService',
      'InvalidParameterException',
      'The target group with targetGroupArn x does not have an associated load balancer.',
      { kind: 'Conflict' },
      'its listener is being made: retryable',
    ],
    [
      'ecs.RegisterTaskDefinition',
      'ClientException',
      'Too many concurrent attempts to create a new revision of the specified family.',
      { kind: 'Conflict' },
      'tried again, it works',
    ],
    ['ecs.CreateService', 'InvalidParameterException', 'Container port is wrong', { kind: 'Invalid' }, ''],
    [
      'ecs.RegisterTaskDefinition',
      'ClientException',
      'No Fargate configuration exists for given values.',
      { kind: 'Invalid' },
      '',
    ],
    ['ecs.CreateService', 'UnsupportedFeatureException', '', { kind: 'Invalid' }, ''],
    ['ecs.CreateService', 'PlatformUnknownException', '', { kind: 'Invalid' }, ''],
    ['ecs.CreateService', 'PlatformTaskDefinitionIncompatibilityException', '', { kind: 'Invalid' }, ''],
    ['ecs.CreateCluster', 'LimitExceededException', '', { kind: 'Invalid' }, 'a quota: only a person can raise it'],
    ['servicediscovery.CreateService', 'ResourceLimitExceeded', '', { kind: 'Invalid' }, 'a quota too'],
    ['servicediscovery.CreateService', 'InvalidInput', '', { kind: 'Invalid' }, ''],
    ['servicediscovery.TagResource', 'TooManyTagsException', '', { kind: 'Invalid' }, ''],
    ['ecs.CreateService', 'BrandNewException', '', { kind: 'Invalid' }, 'a code of tomorrow that blames the request'],
    ['ecs.CreateService', 'AccessDeniedException', '', { kind: 'Denied', missingAction: 'ecs:CreateService' }, ''],
    [
      'ecs.RegisterTaskDefinition',
      'ClientException',
      'User: arn:aws:sts::1:assumed-role/op is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/x',
      { kind: 'Denied', missingAction: 'iam:PassRole' },
      'not the operation’s own action',
    ],
    [
      'servicediscovery.CreatePrivateDnsNamespace',
      'AccessDeniedException',
      'not authorized to perform: route53:CreateHostedZone on resource',
      { kind: 'Denied', missingAction: 'route53:CreateHostedZone' },
      '',
    ],
    ['ecs.CreateService', 'UnrecognizedClientException', '', { kind: 'Denied', missingAction: undefined }, 'wrong key'],
    [
      'ecs.CreateService',
      'InvalidSignatureException',
      '',
      { kind: 'Denied', missingAction: undefined },
      'wrong secret',
    ],
    ['ecs.CreateService', 'ThrottlingException', 'Rate exceeded', { kind: 'Throttled' }, 'not in ECS’s model'],
    ['servicediscovery.CreateService', 'RequestLimitExceeded', '', { kind: 'Throttled' }, 'Cloud Map’s word for it'],
    ['sts.GetCallerIdentity', 'Throttling', '', { kind: 'Throttled' }, 'STS’s word for it'],
    [
      'ecs.CreateService',
      'ExpiredTokenException',
      '',
      { kind: 'Transient' },
      'the next attempt fetches new credentials',
    ],
  ])('%s answered %s "%s" is %o %s', (operation, code, message, expected) => {
    const error = of(answer(code, message), operation);
    expect(error).toMatchObject({ ...expected, code, operation, requestId: 'r-1', effect: 'none' });
  });

  it('is Transient with unknown effect when AWS is at fault: a write may have happened all the same', () => {
    for (const code of ['ServerException', 'ServiceUnavailable', 'NovelFault']) {
      expect(of(answer(code, 'oops', {}, 500))).toMatchObject({ kind: 'Transient', effect: 'unknown' });
    }
    expect(of(answer('ServerException', 'oops', {}, 500), 'ecs.DescribeServices').effect, 'a read has none').toBe(
      'none',
    );
    expect(of(answer('RequestTimeout')).effect, 'the service itself gave up').toBe('unknown');
    expect(of(answer('ThrottlingException', '', {}, 503)).effect, 'throttled is not begun').toBe('none');
  });

  it('carries the ids with which what exists can be adopted', () => {
    const exists = of(answer('ServiceAlreadyExists', '', { ServiceId: 'srv-1', CreatorRequestId: 'token' }));
    expect(exists.existing).toEqual({ serviceId: 'srv-1', creatorRequestId: 'token' });
    expect(of(answer('NamespaceAlreadyExists', '', { NamespaceId: 'ns-1' })).existing).toEqual({ namespaceId: 'ns-1' });
    expect(of(answer('DuplicateRequest', '', { DuplicateOperationId: 'op-1' })).existing).toEqual({
      operationId: 'op-1',
    });
    expect(of(answer('ClusterNotFoundException')).existing).toBeUndefined();
  });

  it.each([
    [
      'an answer in HTML',
      Object.assign(new SyntaxError("Unexpected token '<'"), { $metadata: { httpStatusCode: 200 } }),
    ],
    ['an empty 502', answer('Unknown', 'UnknownError', {}, 502)],
    ['a 404 of a proxy', answer('UnknownError', '', {}, 404)],
  ])('is Transient and asks whether the endpoint is right when it is %s', (_, thrown) => {
    const error = of(thrown);
    expect(error).toMatchObject({ kind: 'Transient', code: 'UnreadableAnswer', effect: 'unknown' });
    expect(error.message).toMatch(
      /^CreateService: the answer from http:\/\/127.0.0.1:4566 is not one of AWS's .*endpoint/,
    );
  });
});

describe('what no answer means', () => {
  it.each<[string, 'none' | 'unknown', string]>([
    ['ECONNREFUSED', 'none', 'nothing was sent'],
    ['ENOTFOUND', 'none', 'nothing was sent'],
    ['EAI_AGAIN', 'none', 'nothing was sent'],
    ['CERT_HAS_EXPIRED', 'none', 'nothing was sent'],
    ['ECONNRESET', 'unknown', 'it broke off after it was sent'],
    ['ETIMEDOUT', 'unknown', 'the answer was lost'],
    ['EPIPE', 'unknown', 'it broke off while it was sent'],
  ])('%s is Transient with effect %s: %s', (code, effect) => {
    const error = of(noAnswer(code));
    expect(error).toMatchObject({ kind: 'Transient', code, effect });
    expect(error.message).toBe(`CreateService: no answer from http://127.0.0.1:4566: connect ${code}`);
    expect(of(noAnswer(code), 'ecs.DescribeServices').effect, 'a read has none').toBe('none');
  });

  it('is no answer either when one breaks off, though the SDK gives its status', () => {
    const broken = Object.assign(
      noAnswer('ECONNRESET', 'aborted\n  Deserialization error: to see the raw response, …'),
      {
        $metadata: { httpStatusCode: 200 },
      },
    );
    expect(of(broken)).toMatchObject({ kind: 'Transient', code: 'ECONNRESET', effect: 'unknown' });
    expect(of(broken).message).toBe('CreateService: no answer from http://127.0.0.1:4566: aborted');
  });

  it('names the service and region where there is no endpoint of ours', () => {
    const error = classify(noAnswer('ENOTFOUND'), {
      operation: 'ecs.CreateService',
      target: { region: 'eu-west-1' },
      input: {},
    });
    expect(error.message).toContain('no answer from ecs in eu-west-1');
  });

  it.each([[undefined], [null], ['text'], [42], [{}], [new Error('')]])('survives that %o is thrown', (thrown) => {
    expect(of(thrown)).toMatchObject({ kind: 'Transient', effect: 'unknown' });
  });
});

describe('what failing credentials mean', () => {
  const failed = (cause: Error): AwsCredentialsError => new AwsCredentialsError(cause.message, { cause });

  it('are Denied, with what to do, when there are none', () => {
    const error = of(failed(answer('CredentialsProviderError', 'Could not load credentials from any providers')));
    expect(error).toMatchObject({ kind: 'Denied', effect: 'none', missingAction: undefined });
    expect(error.message).toContain(
      'no credentials: Could not load credentials from any providers; give the operator a role',
    );
  });

  it('are Denied, with the missing action, when the role may not be assumed', () => {
    const cause = answer(
      'AccessDenied',
      'User: x is not authorized to perform: sts:AssumeRole on resource: y',
      {},
      403,
    );
    const error = classify(failed(cause), {
      operation: 'ecs.CreateService',
      target: { ...target, roleArn: 'arn:aws:iam::123456789012:role/deploy' },
      input: {},
    });
    expect(error).toMatchObject({ kind: 'Denied', missingAction: 'sts:AssumeRole', effect: 'none' });
    expect(error.message).toContain('no credentials of arn:aws:iam::123456789012:role/deploy');
  });

  it('are Transient when STS is out of reach, and nothing was sent', () => {
    expect(of(failed(noAnswer('ETIMEDOUT')))).toMatchObject({ kind: 'Transient', code: 'ETIMEDOUT', effect: 'none' });
  });
});

describe('the message of an error', () => {
  it('is one line in AWS’s words, with the operation in front and the code behind', () => {
    expect(of(answer('ClientException', 'No\n  such\tthing.')).message).toBe(
      'CreateService: No such thing. (ClientException)',
    );
  });

  it('says so when AWS gives no reason', () => {
    expect(of(answer('ClientException', '')).message).toBe('CreateService: no reason given (ClientException)');
  });

  it('is cut when it is long', () => {
    expect(of(answer('ClientException', 'x'.repeat(100_000))).message.length).toBeLessThanOrEqual(1000);
  });

  it('does not repeat the value of an environment variable that AWS refuses', () => {
    const input = {
      containerDefinitions: [{ name: 'web', environment: [{ name: 'DB_URL', value: 'postgres://hunter2@db' }] }],
    };
    const error = of(
      answer('ClientException', "DB_URL 'postgres://hunter2@db' is not valid"),
      'ecs.RegisterTaskDefinition',
      input,
    );
    expect(error.message).toBe("RegisterTaskDefinition: DB_URL '***' is not valid (ClientException)");
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(error.cause).toBeUndefined();
  });
});

describe('isMissing', () => {
  it('tells what is not there from what it needs', () => {
    const error = of(answer('ClusterNotFoundException'), 'ecs.UpdateService');
    expect(isMissing(error, 'cluster')).toBe(true);
    expect(isMissing(error, 'service')).toBe(false);
    expect(isMissing(new Error('x'), 'cluster')).toBe(false);
  });

  it('leaves an error that was classified already as it is', () => {
    const error = of(answer('ClusterNotFoundException'));
    expect(of(error)).toBe(error);
  });
});
