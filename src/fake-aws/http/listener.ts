import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Random } from '../../runtime/random.ts';
import { AwsError } from '../core/aws-error.ts';
import { uuid } from '../core/events.ts';
import type { Answer, Gate } from '../faults/gate.ts';
import { parseAuthorization } from './authorization.ts';
import { MAX_BODY, readBody } from './body.ts';
import type { Control } from './control.ts';
import { protocolOf, readCall, type WireBody, type WireCall, WireError, type WireProtocol } from './wire.ts';

export interface ListenerOptions {
  readonly gate: Gate;
  readonly control: Control;
  readonly random: Random;
  /** Hears of faults of the fake itself, which are answered with 500. */
  readonly onError: (error: unknown) => void;
}

/** Answers AWS's calls and the fake's own controls under `/_fake/`. */
export function awsListener(options: ListenerOptions): RequestListener {
  return (request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      // A client that went away while it was speaking wants no answer.
      if (request.destroyed && !request.complete) return;
      options.onError(error);
      if (response.headersSent) response.destroy();
      else sendError(response, internalFailure(error), protocolOf(request), uuid(options.random));
    });
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ListenerOptions): Promise<void> {
  const requestId = uuid(options.random);
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const body = await readBody(request);
  if (body === undefined) {
    response.setHeader('connection', 'close');
    const message = `The body is larger than ${MAX_BODY} bytes.`;
    const error = new AwsError({ code: 'RequestEntityTooLargeException', message, httpStatus: 413 });
    sendError(response, error, protocolOf(request), requestId);
    return;
  }
  if (path === '/_fake' || path.startsWith('/_fake/')) {
    const { status, type, text } = options.control.handle({ method: request.method ?? 'GET', path, query, body });
    response.writeHead(status, { 'content-type': type }).end(text);
    return;
  }
  try {
    await answerCall({ request, response, call: readCall(request, path, body), requestId }, options.gate);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    sendError(response, error.error, error.protocol, requestId);
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly call: WireCall;
  readonly requestId: string;
}

async function answerCall({ request, response, call, requestId }: Exchange, gate: Gate): Promise<void> {
  const { service, operation, input, protocol } = call;
  const signer = parseAuthorization(request.headers.authorization);
  if (!signer) {
    const message = 'Missing Authentication Token';
    const error = new AwsError({ code: 'MissingAuthenticationTokenException', message, httpStatus: 403 });
    sendError(response, error, protocol, requestId);
    return;
  }
  const answered: Answer = await gate.call({ service, operation, input, ...signer });
  switch (answered.kind) {
    case 'output':
      send(response, { status: 200, requestId, wire: protocol.output(operation, answered.output, requestId) });
      return;
    case 'error':
      sendError(response, answered.error, protocol, requestId);
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'malformed':
      response.writeHead(answered.status, { 'content-type': 'text/html' }).end(answered.body);
      return;
    default:
      answered satisfies never;
  }
}

function sendError(response: ServerResponse, error: AwsError, protocol: WireProtocol, requestId: string): void {
  send(response, { status: error.httpStatus, requestId, wire: protocol.error(error, requestId) });
}

function send(response: ServerResponse, answer: { status: number; requestId: string; wire: WireBody }): void {
  const { status, requestId, wire } = answer;
  response
    .writeHead(status, {
      ...wire.headers,
      'x-amzn-requestid': requestId,
      'content-length': Buffer.byteLength(wire.body),
    })
    .end(wire.body);
}

function internalFailure(error: unknown): AwsError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AwsError({ code: 'InternalFailure', message: `The fake itself failed: ${reason}`, httpStatus: 500 });
}
