import { AwsError } from '../core/aws-error.ts';

export function clientError(message: string): AwsError {
  return new AwsError({ code: 'ClientException', message });
}

export function invalidParameter(message: string): AwsError {
  return new AwsError({ code: 'InvalidParameterException', message });
}

export function clusterNotFound(message = 'Cluster not found.'): AwsError {
  return new AwsError({ code: 'ClusterNotFoundException', message });
}

export function serviceNotFound(): AwsError {
  return new AwsError({ code: 'ServiceNotFoundException', message: 'Service not found.' });
}

export function serviceNotActive(): AwsError {
  return new AwsError({ code: 'ServiceNotActiveException', message: 'Service was not ACTIVE.' });
}

export function namespaceNotFound(namespace: string): AwsError {
  return new AwsError({
    code: 'NamespaceNotFoundException',
    message: `The specified namespace was not found: ${namespace}`,
  });
}

export function resourceNotFound(message = 'The specified resource was not found.'): AwsError {
  return new AwsError({ code: 'ResourceNotFoundException', message });
}

export function resourceInUse(message: string): AwsError {
  return new AwsError({ code: 'ResourceInUseException', message });
}

export function updateInProgress(message: string): AwsError {
  return new AwsError({ code: 'UpdateInProgressException', message });
}

export function conflict(message: string, resourceIds: readonly string[] = []): AwsError {
  return new AwsError({ code: 'ConflictException', message, fields: { resourceIds } });
}
