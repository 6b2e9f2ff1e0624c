import type { IncomingMessage } from 'node:http';
import { AwsError } from '../core/aws-error.ts';
import type { FakeServiceName } from '../core/request.ts';
import { decodeAwsJson, encodeAwsJson } from './aws-json.ts';
import { decodeQuery, encodeQueryAnswer, encodeQueryError } from './query-xml.ts';
import { decodeCbor, encodeCbor } from './rpc-v2-cbor.ts';
import { reviveTimestamps } from './timestamps.ts';

/** An answer's body, ready for the socket. */
export interface WireBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How a request's protocol writes what comes back. */
export interface WireProtocol {
  output(operation: string, output: object, requestId: string): WireBody;
  error(error: AwsError, requestId: string): WireBody;
}

/** A request, read off the wire. */
export interface WireCall {
  readonly service: FakeServiceName;
  readonly operation: string;
  readonly input: object;
  readonly protocol: WireProtocol;
}

const TARGETS: Readonly<Record<string, FakeServiceName>> = {
  AmazonEC2ContainerServiceV20141113: 'ecs',
  Route53AutoNaming_v20170314: 'servicediscovery',
};

/** Cloud Map writes an error's text with a capital letter, ECS with a small one (both services' models). */
function errorBody(error: AwsError, service: FakeServiceName | undefined): object {
  const text = service === 'servicediscovery' ? { Message: error.message } : { message: error.message };
  return { __type: error.code, ...text, ...error.fields };
}

function json(service: FakeServiceName | undefined): WireProtocol {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return {
    output: (_operation, output) => ({ headers, body: encodeAwsJson(output) }),
    error: (error) => ({ headers, body: encodeAwsJson(errorBody(error, service)) }),
  };
}

function cbor(service: FakeServiceName | undefined): WireProtocol {
  const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
  return {
    output: (_operation, output) => ({ headers, body: encodeCbor(output) }),
    error: (error) => ({ headers, body: encodeCbor(errorBody(error, service)) }),
  };
}

const QUERY: WireProtocol = {
  output: (operation, output, requestId) => ({
    headers: { 'content-type': 'text/xml' },
    body: encodeQueryAnswer(operation, output, requestId),
  }),
  error: (error, requestId) => ({
    headers: { 'content-type': 'text/xml' },
    body: encodeQueryError(error, requestId),
  }),
};

/** A request that cannot be read, with the protocol to say so in. */
export class WireError extends Error {
  readonly error: AwsError;
  readonly protocol: WireProtocol;

  constructor(error: AwsError, protocol: WireProtocol) {
    super(error.message);
    this.error = error;
    this.protocol = protocol;
  }
}

/**
 * Reads a request in whichever of AWS's protocols it speaks.
 * @throws WireError when it names no operation that the fake has heard of, or its body cannot be read.
 */
export function readCall(request: IncomingMessage, path: string, body: Buffer): WireCall {
  const rpc = path.match(/\/service\/([^/]+)\/operation\/([^/]+)$/);
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor' && rpc) {
    const service = TARGETS[rpc[1] ?? ''];
    const protocol = cbor(service);
    const operation = rpc[2] ?? '';
    if (!service) throw unknownOperation(`${rpc[1]}.${operation}`, protocol);
    return { service, operation, protocol, input: decoded(() => decodeCbor(body), protocol) };
  }
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const dot = target.lastIndexOf('.');
    const service = TARGETS[target.slice(0, dot)];
    const protocol = json(service);
    const operation = target.slice(dot + 1);
    if (!service) throw unknownOperation(target, protocol);
    const input = decoded(() => decodeAwsJson(body), protocol);
    reviveTimestamps(service, operation, input);
    return { service, operation, input, protocol };
  }
  const query = decodeQuery(body.toString('utf8'));
  if (query) return { service: 'sts', operation: query.operation, input: query.input, protocol: QUERY };
  throw unknownOperation(`${request.method} ${path}`, json(undefined));
}

/** The protocol for a refusal of a request whose body was never read. */
export function protocolOf(request: IncomingMessage): WireProtocol {
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return cbor(undefined);
  return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? QUERY : json(undefined);
}

function decoded(decode: () => object, protocol: WireProtocol): object {
  try {
    return decode();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WireError(new AwsError({ code: 'SerializationException', message: reason }), protocol);
  }
}

function unknownOperation(what: string, protocol: WireProtocol): WireError {
  const message = `The fake does not answer ${what}: it plays ECS, Cloud Map (servicediscovery) and STS.`;
  return new WireError(new AwsError({ code: 'UnknownOperationException', message }), protocol);
}
