/** A request in AWS's Query protocol. */
export interface QueryRequest {
  readonly operation: string;
  readonly input: object;
}

/**
 * Reads a form in AWS's Query protocol: `PolicyArns.member.1.arn=…` becomes `{PolicyArns: [{arn: …}]}`. All scalars stay
 * text. Returns undefined when the form names no Action.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function decodeQuery(form: string): QueryRequest | undefined {
  const parameters = new URLSearchParams(form);
  const operation = parameters.get('Action');
  if (!operation) return undefined;
  const root = new Map<string, Branch>();
  for (const [name, value] of parameters) {
    if (name === 'Action' || name === 'Version') continue;
    insert(root, name.split('.'), value);
  }
  return { operation, input: Object.fromEntries([...root].map(([key, branch]) => [key, collapse(branch)])) };
}

type Branch = string | Map<string, Branch>;

function insert(node: Map<string, Branch>, path: readonly string[], value: string): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    node.set(head, value);
    return;
  }
  const child = node.get(head);
  const next = child instanceof Map ? child : new Map<string, Branch>();
  node.set(head, next);
  insert(next, rest, value);
}

function collapse(branch: Branch): unknown {
  if (typeof branch === 'string') return branch;
  const items = branch.get('member');
  if (branch.size === 1 && items instanceof Map) {
    return [...items].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, item]) => collapse(item));
  }
  return Object.fromEntries([...branch].map(([key, child]) => [key, collapse(child)]));
}

const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** The answer of an operation, wrapped as the Query protocol wants it. */
export function encodeQueryAnswer(operation: string, output: object, requestId: string): string {
  return (
    `<${operation}Response xmlns="${STS_NAMESPACE}"><${operation}Result>${xmlMembers(output)}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`
  );
}

/** An error in the Query protocol. */
export function encodeQueryError(
  error: { readonly code: string; readonly message: string; readonly httpStatus: number },
  requestId: string,
): string {
  const type = error.httpStatus >= 500 ? 'Receiver' : 'Sender';
  return (
    `<ErrorResponse xmlns="${STS_NAMESPACE}"><Error><Type>${type}</Type>` +
    `${xmlMembers({ Code: error.code, Message: error.message })}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}

function xmlMembers(object: object): string {
  let text = '';
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined && value !== null) text += `<${name}>${xmlValue(value)}</${name}>`;
  }
  return text;
}

function xmlValue(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => `<member>${xmlValue(item)}</member>`).join('');
  if (typeof value === 'object' && value !== null) return xmlMembers(value);
  return String(value).replace(/[<>&"'\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}
