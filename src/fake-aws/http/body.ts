import type { IncomingMessage } from 'node:http';

/** Bytes that a request's body may have. AWS's JSON services stop at about this too. */
export const MAX_BODY = 1_048_576;
/** Up to here the rest of a body that is too large is read and thrown away, so that the client hears the refusal. */
const MAX_DISCARDED = 64 * MAX_BODY;

/**
 * Reads a request's body. Returns undefined when it is larger than `MAX_BODY`.
 * @throws Error when the client goes away, or sends without end.
 */
export function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      if (size > MAX_DISCARDED) request.destroy();
    });
    request.on('end', () => resolve(size > MAX_BODY ? undefined : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
}
