import type { AwsMetrics } from './metrics.ts';
import type { AwsRequest, AwsSend } from './send.ts';

/** For tests: a seam that answers as it is told, and remembers what it was asked. */
export class ScriptedSend {
  readonly requests: AwsRequest[] = [];
  /** What answers: set by the test. */
  answer: (request: AwsRequest) => object | Promise<object> = () => ({ ok: true });

  readonly send: AwsSend = async (request) => {
    this.requests.push(request);
    return this.answer(request);
  };

  /** The list of names of each request, e.g. of `services`. */
  lists(member: string): unknown[] {
    return this.requests.map(({ input }) => Object.entries(input).find(([name]) => name === member)?.[1]);
  }
}

/** For tests: an error as the SDK throws it for an answer of AWS. */
export function awsAnswer(code: string, message: string, status = 400): Error {
  return Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } });
}

/** For tests: metrics as lines. */
export class RecordedMetrics implements AwsMetrics {
  readonly lines: string[] = [];

  requestDone: AwsMetrics['requestDone'] = ({ service, operation, code, seconds }) => {
    this.lines.push(`${service}.${operation} ${code} ${seconds}`);
  };

  limiterWaited: AwsMetrics['limiterWaited'] = ({ category, seconds }) => {
    if (seconds > 0) this.lines.push(`waited ${category} ${seconds}`);
  };
}
