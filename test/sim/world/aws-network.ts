import type { AwsRequest, AwsSend, AwsTarget } from '../../../src/aws/send.ts';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import { type Answer, codeOf, type Gate } from '../../../src/fake-aws/faults/gate.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import type { CallFault, Refusal } from '../faults/fault.ts';
import type { Injector } from '../faults/injector.ts';
import type { Call, CallEnd } from './calls.ts';
import { exchange } from './exchange.ts';
import { plainCopy } from './plain-copy.ts';
import type { SimProcess } from './sim-process.ts';

export interface AwsNetworkOptions {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly injector: Injector;
  /** Gives a call its index. */
  readonly begin: (call: Omit<Call, 'index' | 'at'>) => Call;
  readonly ended: (end: CallEnd) => void;
}

/** The operator's own access key, which the fake takes for its own account. */
const OWN_KEY = 'AKIASIMULATEDOPERATOR';
/** As the real seam gives a call up. */
const TIME_OUT_MS = 30_000;

/** Everything between the operator's processes and AWS: no HTTP, no SDK, but errors look as the SDK makes them. */
export class AwsNetwork {
  readonly #options: AwsNetworkOptions;

  constructor(options: AwsNetworkOptions) {
    this.#options = options;
  }

  /** The seam of one process. */
  sendOf(process: SimProcess, latency: () => number): AwsSend {
    const keys = new AssumedRoles(this.#options.gate);
    return async (request) => {
      // Whatever still runs of a dead process talks to nobody.
      if (process.isDead) return new Promise<never>(() => {});
      request.signal.throwIfAborted();
      const accessKeyId = await keys.of(request.target);
      request.check?.();
      return outputOf(await this.#exchange(process, request, { latency, accessKeyId }));
    };
  }

  #exchange(
    process: SimProcess,
    request: AwsRequest,
    { latency, accessKeyId }: { readonly latency: () => number; readonly accessKeyId: string },
  ): Promise<Answer> {
    const { gate, clock, injector, begin, ended } = this.#options;
    const { target, service, operation, signal } = request;
    // Neither side may change what the other holds.
    const input = plainCopy(request.input);
    const name = `${service === 'servicediscovery' ? 'cloudmap' : service}.${operation}`;
    const line = `${name} ${subjectOf(input)}`;
    const isRead = /^(Describe|Get|List|Discover)/.test(operation);
    const call = begin({
      side: 'aws',
      effect: isRead ? 'read' : 'write',
      form: /^Describe(Services|Tasks|Clusters)$/.test(operation) ? 'batch' : 'plain',
      key: line,
      cluster: process.cluster,
      process: process.name,
      line,
      operation: name,
      input,
    });
    const fault = injector.forCall(call.index, call);
    const perform = async (): Promise<Answer> => {
      const request = { service, operation, input, accessKeyId, region: target.region };
      const answer = await (fault?.type === 'lagging' ? lagging(gate, request, fault.ms) : gate.call(request));
      return answer.kind === 'output' ? { kind: 'output', output: plainCopy(seen(answer.output, fault)) } : answer;
    };
    return exchange<Answer>({
      process,
      clock,
      signal,
      // What strikes Kubernetes alone was never planned for a call of AWS.
      fault: fault?.type === 'restart' ? undefined : fault,
      latency,
      perform,
      refuse,
      broken: reset,
      timeOut: {
        ms: TIME_OUT_MS,
        error: () => Object.assign(new Error('nothing came within 30 s'), { name: 'TimeoutError', code: 'ETIMEDOUT' }),
      },
      ended: ({ answer, fault: words }) =>
        ended({
          call,
          code: answer === undefined ? undefined : codeOf(answer),
          output: answer?.kind === 'output' ? answer.output : undefined,
          fault: words ?? (fault?.type === 'lagging' || fault?.type === 'partial' ? fault.type : undefined),
        }),
    });
  }
}

/** The credentials of roles that a process has assumed. */
class AssumedRoles {
  readonly #gate: Gate;
  readonly #keys = new Map<string, string>();

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  async of({ roleArn, externalId, region }: AwsTarget): Promise<string> {
    if (roleArn === undefined) return OWN_KEY;
    const id = `${roleArn} ${externalId ?? ''}`;
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const input = { RoleArn: roleArn, RoleSessionName: 'ecs-operator', ...(externalId && { ExternalId: externalId }) };
    const call = { service: 'sts', operation: 'AssumeRole', input, accessKeyId: OWN_KEY, region } as const;
    const output = outputOf(await this.#gate.call(call));
    const credentials: unknown = 'Credentials' in output ? output.Credentials : undefined;
    if (typeof credentials !== 'object' || credentials === null || !('AccessKeyId' in credentials)) {
      throw new Error('AssumeRole answered without credentials');
    }
    const key = String(credentials.AccessKeyId);
    this.#keys.set(id, key);
    return key;
  }
}

/** A read that answers as of a while ago. The world keeps the fake's history for it. */
async function lagging(gate: Gate, request: Parameters<Gate['call']>[0], ms: number): Promise<Answer> {
  const id = gate.faults.add({ kind: 'stale', ms, times: 1 });
  try {
    return await gate.call(request);
  } finally {
    gate.faults.remove(id);
  }
}

/** What of a batched answer comes through. */
function seen(output: object, fault: CallFault | { readonly type: 'restart' } | undefined): object {
  if (fault?.type !== 'partial') return output;
  const [list, found] =
    Object.entries(output).find(([name, value]) => name !== 'failures' && Array.isArray(value)) ?? [];
  if (list === undefined || !Array.isArray(found) || found.length === 0) return output;
  const last: Record<string, unknown> = found.at(-1);
  const arn = last.serviceArn ?? last.clusterArn ?? last.taskArn;
  const failures = 'failures' in output && Array.isArray(output.failures) ? output.failures : [];
  return { ...output, [list]: found.slice(0, -1), failures: [...failures, { arn, reason: 'MISSING' }] };
}

function refuse(by: Refusal): Answer {
  return { kind: 'error', error: new AwsError(REFUSALS[by]) };
}

const REFUSALS: Readonly<
  Record<Refusal, { readonly code: string; readonly message: string; readonly httpStatus: number }>
> = {
  throttled: { code: 'ThrottlingException', message: 'Rate exceeded', httpStatus: 400 },
  'server-error': { code: 'ServerException', message: 'Service Unavailable. Please try again later.', httpStatus: 500 },
  conflict: { code: 'UpdateInProgressException', message: 'There is already a current update.', httpStatus: 400 },
  denied: { code: 'AccessDeniedException', message: 'User is not authorized to perform this action', httpStatus: 400 },
  gone: { code: 'ClientException', message: 'Kubernetes alone says so', httpStatus: 400 },
  expired: {
    code: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
    httpStatus: 400,
  },
};

/** @throws as the SDK does. */
function outputOf(answer: Answer): object {
  switch (answer.kind) {
    case 'output':
      return answer.output;
    case 'error':
      throw sdkError(answer.error);
    case 'reset':
      throw reset();
    case 'malformed':
      throw Object.assign(new SyntaxError('Unexpected token < in JSON at position 0'), {
        $metadata: { httpStatusCode: answer.status },
      });
    default:
      return answer satisfies never;
  }
}

function reset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

function sdkError(error: AwsError): Error {
  const $fault = error.httpStatus >= 500 ? 'server' : 'client';
  const $metadata = { httpStatusCode: error.httpStatus };
  return Object.assign(new Error(error.message), { name: error.code, $fault, $metadata, ...error.fields });
}

const SUBJECTS = [
  'services',
  'serviceName',
  'service',
  'clusters',
  'clusterName',
  'cluster',
  'tasks',
  'taskDefinition',
  'taskDefinitions',
  'family',
  'familyPrefix',
  'resourceArn',
  'serviceDeploymentArns',
  'serviceRevisionArns',
  'Name',
  'Id',
  'OperationId',
  'ResourceARN',
  'ServiceId',
];

/** What a call is about, for people. */
function subjectOf(input: object): string {
  const name = SUBJECTS.find((member) => member in input);
  const value: unknown = name === undefined ? '' : Reflect.get(input, name);
  return Array.isArray(value) ? value.join(',') : String(value ?? '');
}
