import { cbor, tag, tagSymbol } from '@smithy/core/cbor';

/** CBOR's tag for epoch seconds (RFC 8949, 3.4.2). */
const EPOCH = 1;

/**
 * Writes an operation's output as Smithy RPC v2 CBOR does.
 * @see https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export function encodeCbor(value: unknown): Uint8Array {
  return cbor.serialize(toCbor(value));
}

function toCbor(value: unknown): unknown {
  if (value instanceof Date) return tag({ tag: EPOCH, value: value.getTime() / 1000 });
  if (Array.isArray(value)) return value.map(toCbor);
  if (typeof value !== 'object' || value === null) return value;
  const object: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) if (member !== undefined) object[key] = toCbor(member);
  return object;
}

/**
 * Reads the body of a request; timestamps come out as Dates.
 * @throws Error when it is not a CBOR map.
 */
export function decodeCbor(body: Uint8Array): object {
  if (body.length === 0) return {};
  const value = fromCbor(cbor.deserialize(body));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError('the body is not a CBOR map');
  }
  return value;
}

function fromCbor(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromCbor);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (tagSymbol in value && 'value' in value) {
    return 'tag' in value && Number(value.tag) === EPOCH
      ? new Date(Math.round(Number(value.value) * 1000))
      : fromCbor(value.value);
  }
  const object: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) if (member !== null) object[key] = fromCbor(member);
  return object;
}
