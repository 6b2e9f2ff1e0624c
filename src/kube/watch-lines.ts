import { KubeProtocolError } from './errors.ts';

/** Bounds an event: etcd refuses objects above 1.5 MiB; JSON can make one about six times longer (`\u0000`). */
const DEFAULT_LINE_LIMIT = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
/** Without state: whole lines only. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Splits a byte stream into lines. Characters and lines may be cut anywhere between chunks.
 * @throws KubeProtocolError on bytes that are not UTF-8, on a line above `limit` bytes, and when the stream ends in the
 * middle of a line: nothing is ever dropped silently.
 */
export async function* readLines(
  body: AsyncIterable<Uint8Array>,
  limit: number = DEFAULT_LINE_LIMIT,
): AsyncGenerator<string, void, undefined> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const tail = chunk.subarray(start, end);
      checkLength(held + tail.length, limit);
      const line = held === 0 ? tail : join([...pieces, tail], held + tail.length);
      pieces = [];
      held = 0;
      start = end + 1;
      const text = decode(line);
      if (text.trim() !== '') yield text;
    }
    const rest = chunk.subarray(start);
    if (rest.length === 0) continue;
    held += rest.length;
    checkLength(held, limit);
    pieces.push(rest);
  }
  if (held > 0) throw new KubeProtocolError(`the watch ended in the middle of an event, after ${held} bytes of it`);
}

function checkLength(length: number, limit: number): void {
  if (length > limit) throw new KubeProtocolError(`an event of the watch is longer than ${limit} bytes`);
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    throw new KubeProtocolError('an event of the watch is not valid UTF-8', error);
  }
}
