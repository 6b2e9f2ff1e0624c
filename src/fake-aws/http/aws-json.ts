/**
 * Writes an operation's output as AWS JSON 1.1 does: timestamps are epoch seconds, members without a value are left out.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function encodeAwsJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      break;
    default:
      throw new TypeError(`an AWS answer cannot hold a ${typeof value}`);
  }
  if (value instanceof Date) return String(value.getTime() / 1000);
  if (Array.isArray(value)) return `[${value.map(encodeAwsJson).join(',')}]`;
  let text = '{';
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(key)}:${encodeAwsJson(member)}`;
  }
  return `${text}}`;
}

/**
 * Reads the body of a request.
 * @throws SyntaxError when it is not a JSON object.
 */
export function decodeAwsJson(body: Uint8Array): object {
  if (body.length === 0) return {};
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError('the body is not a JSON object');
  }
  // To AWS a null member is one that was left out; the search spares nearly every request the walk.
  return text.includes('null') ? dropNullMembers(value) : value;
}

function dropNullMembers<T extends object>(value: T): T {
  for (const [key, member] of Object.entries(value)) {
    if (member === null && !Array.isArray(value)) Reflect.deleteProperty(value, key);
    else if (typeof member === 'object' && member !== null) dropNullMembers(member);
  }
  return value;
}
