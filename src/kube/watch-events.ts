import { KubeProtocolError, type RequestLine } from './errors.ts';
import type { KubeObject } from './object.ts';
import { isRecord, metadataFault } from './object-shape.ts';
import { statusError } from './status.ts';
import { readLines } from './watch-lines.ts';

/** One event of a watch. ERROR events do not appear here: the iterator throws them as KubeApiError. */
export type WatchEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  /** Nothing changed up to this resourceVersion: a watch can be resumed from it. */
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/**
 * Reads the events of a watch from its bytes.
 * @throws KubeApiError for an ERROR event, KubeProtocolError for whatever is not an event.
 */
export async function* readEvents<T extends KubeObject>(
  body: AsyncIterable<Uint8Array>,
  request: RequestLine,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  for await (const line of readLines(body)) yield parseEvent<T>(line, request);
}

function parseEvent<T extends KubeObject>(line: string, request: RequestLine): WatchEvent<T> {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (error) {
    throw new KubeProtocolError(`${request.path}: a line of the watch is not JSON: ${excerpt(line)}`, error);
  }
  if (!isRecord(event) || !isRecord(event.object)) {
    throw new KubeProtocolError(`${request.path}: a line of the watch is not an event: ${excerpt(line)}`);
  }
  const { type, object } = event;
  if (type === 'ERROR') throw statusError(object, { status: 500, request });
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED': {
      const fault = metadataFault(object);
      if (fault !== undefined) {
        throw new KubeProtocolError(`${request.path}: an object of the watch is none, ${fault}: ${excerpt(line)}`);
      }
      // The API server vouches for the rest: it serves this type at this path.
      return { type, object: object as unknown as T };
    }
    case 'BOOKMARK': {
      const resourceVersion = isRecord(object.metadata) ? object.metadata.resourceVersion : undefined;
      if (typeof resourceVersion !== 'string' || resourceVersion === '') {
        throw new KubeProtocolError(
          `${request.path}: a bookmark of the watch has no resourceVersion: ${excerpt(line)}`,
        );
      }
      return { type, resourceVersion };
    }
    default:
      throw new KubeProtocolError(`${request.path}: the watch has an event of unknown type: ${excerpt(line)}`);
  }
}

function excerpt(line: string): string {
  return line.length <= 120 ? line : `${line.slice(0, 120)}…`;
}
