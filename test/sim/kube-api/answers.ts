import type { KubeResponse } from '../../../src/kube/transport.ts';
import { type JsonObject, jsonBytes } from './json.ts';
import type { Watch } from './watch/watch.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** An answer with a JSON body. */
export function json(code: number, object: JsonObject): KubeResponse {
  return { status: code, headers: JSON_HEADERS, body: once(jsonBytes(object)) };
}

/** An answer of any text. */
export function text(code: number, content: string): KubeResponse {
  return { status: code, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: once(Buffer.from(content)) };
}

/** The answer to a watch: its stream, which the request's signal breaks off. */
export function body(watch: Watch, signal: AbortSignal): KubeResponse {
  signal.addEventListener('abort', () => watch.reset(abortError(signal)), { once: true });
  return { status: 200, headers: JSON_HEADERS, body: watch.body };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield content;
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
