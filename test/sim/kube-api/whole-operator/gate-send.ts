import type { AwsSend, AwsTarget } from '../../../../src/aws/send.ts';
import type { AwsError } from '../../../../src/fake-aws/core/aws-error.ts';
import type { Answer, Gate } from '../../../../src/fake-aws/faults/gate.ts';

/** The operator's own access key, which the fake takes for its own account. */
const OWN_KEY = 'AKIASIMULATEDOPERATOR';

/**
 * The seam below the gateway over the fake in this process: no HTTP, no SDK. Errors look as the SDK makes them; an
 * answer that is lost is an error without AWS's marks.
 */
export function gateSend(gate: Gate): AwsSend {
  const assumed = new Map<string, string>();
  const keyOf = async (target: AwsTarget): Promise<string> => {
    const { roleArn, externalId, region } = target;
    if (roleArn === undefined) return OWN_KEY;
    const id = `${roleArn} ${externalId ?? ''}`;
    const known = assumed.get(id);
    if (known !== undefined) return known;
    const input = { RoleArn: roleArn, RoleSessionName: 'ecs-operator', ...(externalId && { ExternalId: externalId }) };
    const answer = await gate.call({ service: 'sts', operation: 'AssumeRole', input, accessKeyId: OWN_KEY, region });
    const key = accessKeyIn(outputOf(answer));
    assumed.set(id, key);
    return key;
  };
  return async ({ target, service, operation, input, signal }) => {
    signal.throwIfAborted();
    const accessKeyId = await keyOf(target);
    // Neither side may change what the other holds.
    const call = { service, operation, input: structuredClone(input), accessKeyId, region: target.region };
    const answer = await gate.call(call);
    signal.throwIfAborted();
    return structuredClone(outputOf(answer));
  };
}

/** @throws as the SDK does. */
function outputOf(answer: Answer): object {
  switch (answer.kind) {
    case 'output':
      return answer.output;
    case 'error':
      throw sdkError(answer.error);
    case 'reset':
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    case 'malformed':
      throw Object.assign(new SyntaxError('Unexpected token < in JSON at position 0'), {
        $metadata: { httpStatusCode: answer.status },
      });
    default:
      return answer satisfies never;
  }
}

function sdkError(error: AwsError): Error {
  const $fault = error.httpStatus >= 500 ? 'server' : 'client';
  const $metadata = { httpStatusCode: error.httpStatus };
  return Object.assign(new Error(error.message), { name: error.code, $fault, $metadata, ...error.fields });
}

function accessKeyIn(output: object): string {
  const credentials: unknown = 'Credentials' in output ? output.Credentials : undefined;
  if (typeof credentials === 'object' && credentials !== null && 'AccessKeyId' in credentials) {
    return String(credentials.AccessKeyId);
  }
  throw new Error('AssumeRole answered without credentials');
}
