import * as fc from 'fast-check';
import type { KubeRequest, KubeResponse } from '../../../src/kube/transport.ts';

/** How the bytes of one watch are spoilt on their way. */
export interface Damage {
  /** Sizes of the pieces in which they come, in turn; an event may come in many pieces, or many events in one. */
  readonly pieces: readonly number[];
  /** Whole lines that nobody sent, and before which event. */
  readonly strangers: readonly { readonly before: number; readonly line: Uint8Array }[];
  /** How it ends before its time: after so many events, and so many per mille of the next one. */
  readonly end:
    | { readonly events: number; readonly perMille: number; readonly how: 'closed' | 'reset' | 'silence' | 'garbage' }
    | undefined;
  readonly garbage: Uint8Array;
}

const GROUP = 'ecs-operator.dev/v1alpha1';
const event = (type: unknown, metadata: unknown) => ({
  type,
  object: { apiVersion: GROUP, kind: 'EcsCluster', metadata },
});

/** JSON that is no event, or one that no API server sends. */
const WRONG: readonly unknown[] = [
  null,
  1,
  'text',
  [],
  {},
  [event('ADDED', { name: 'x' })],
  { type: 'ADDED' },
  { type: 'ADDED', object: null },
  { type: 'ADDED', object: [] },
  { type: 'ADDED', object: {} },
  event('ADDED', null),
  event('ADDED', { resourceVersion: '7' }),
  event('ADDED', { resourceVersion: '7', namespace: 'shop', uid: 'u' }),
  event('ADDED', { resourceVersion: '7', namespace: 'shop', name: '', uid: 'u' }),
  event('MODIFIED', { resourceVersion: '7', namespace: 'shop', name: 5, uid: 'u' }),
  event('MODIFIED', { resourceVersion: '7', namespace: 'shop', name: 'one' }),
  event('MODIFIED', { resourceVersion: '7', namespace: 5, name: 'one', uid: 'u' }),
  event('MODIFIED', { resourceVersion: '7', namespace: 'shop', name: 'one', uid: 'u', annotations: 5 }),
  event('MODIFIED', { resourceVersion: '7', namespace: 'shop', name: 'one', uid: 'u', labels: 'x' }),
  event('DELETED', { resourceVersion: '7', namespace: 'shop', name: 'one', uid: 'u', annotations: [5] }),
  event('DELETED', { resourceVersion: 7, namespace: 'shop', name: 'one', uid: 'u' }),
  event('DELETED', { resourceVersion: '', namespace: 'shop', name: 'one', uid: 'u' }),
  event('BOOKMARK', {}),
  event('BOOKMARK', { resourceVersion: 12 }),
  event('SOMETHING', { resourceVersion: '7', namespace: 'shop', name: 'one', uid: 'u' }),
  event(null, { resourceVersion: '7', namespace: 'shop', name: 'one', uid: 'u' }),
  { type: 'ERROR' },
  { type: 'ERROR', object: {} },
  { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' } },
  { type: 'ERROR', object: { kind: 'Status', code: 500, reason: 'InternalError', message: 'etcd is unwell' } },
  { type: 'ERROR', object: { kind: 'Status', code: 'x', reason: 5, message: {}, details: [] } },
  {
    type: 'ERROR',
    object: { code: 429, reason: 'TooManyRequests', details: { retryAfterSeconds: 1e12, causes: [1] } },
  },
  { type: 'ERROR', object: { code: 504, details: { retryAfterSeconds: -5 } } },
];

const newline = Buffer.from('\n');
/** Not a line that could be taken for nothing, which proxies send to keep a connection alive. */
const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
const wrongJson = fc
  .oneof(fc.constantFrom(...WRONG), fc.jsonValue())
  .map((value) => Buffer.from(JSON.stringify(value)));
const brokenText = fc.constantFrom(
  Buffer.from([0x22, 0xff, 0xfe, 0x22]),
  Buffer.from([0xc3, 0x28]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from('{"type":"ADDED","object":'),
  Buffer.from('<html>502 Bad Gateway</html>'),
  Buffer.from('\uFEFF{}'),
  Buffer.from(`${'['.repeat(20_000)}`),
  Buffer.from('\u0000\u0000'),
);
const line = fc
  .oneof({ weight: 3, arbitrary: wrongJson }, { weight: 1, arbitrary: brokenText }, { weight: 1, arbitrary: bytes })
  .map((content) => Buffer.concat([content, newline]));

export const damages: fc.Arbitrary<Damage> = fc.record({
  pieces: fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4000 })), { maxLength: 6 }),
  strangers: fc.array(fc.record({ before: fc.nat(6), line }), { maxLength: 2 }),
  end: fc.option(
    fc.record({
      events: fc.nat(6),
      perMille: fc.nat(999),
      how: fc.constantFrom('closed', 'reset', 'silence', 'garbage'),
    }),
    { nil: undefined },
  ),
  garbage: bytes,
});

/** The answer to a watch, spoilt. */
export function damaged(response: KubeResponse, request: KubeRequest, damage: Damage): KubeResponse {
  return { ...response, body: inPieces(spoilt(response.body, request, damage), damage.pieces) };
}

async function* spoilt(
  body: AsyncIterable<Uint8Array>,
  { signal }: KubeRequest,
  { strangers, end, garbage }: Damage,
): AsyncGenerator<Uint8Array, void, undefined> {
  let events = 0;
  // The API in memory sends each event in a chunk of its own.
  for await (const chunk of body) {
    for (const { before, line: stranger } of strangers) if (before === events) yield stranger;
    if (end?.events === events) {
      yield chunk.subarray(0, Math.floor((chunk.length * end.perMille) / 1000));
      switch (end.how) {
        case 'closed':
          return;
        case 'reset':
          throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        case 'silence':
          await aborted(signal);
          return;
        case 'garbage':
          yield garbage;
          yield newline;
          return;
        default:
          end.how satisfies never;
      }
    }
    events++;
    yield chunk;
  }
}

async function* inPieces(body: AsyncIterable<Uint8Array>, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let turn = 0;
  for await (const chunk of body) {
    let at = 0;
    while (at < chunk.length) {
      const size = sizes[turn++ % Math.max(1, sizes.length)] ?? chunk.length;
      yield chunk.subarray(at, at + size);
      at += size;
    }
  }
}

/** @throws the signal's reason once it is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
