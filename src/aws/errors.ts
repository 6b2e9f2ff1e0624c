import { CODES, type CodeMeaning, meaningOfMessage } from './error-codes.ts';
import { whereAllowed } from './iam/policy-files.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { redact } from './redact.ts';
import type { AwsTarget } from './send.ts';

/** What an AWS call that failed means for the one who made it. */
export type AwsErrorKind =
  /** Something is not there; `missing` says what. */
  | 'NotFound'
  /** The name is taken; `existing` has the ids where AWS gives them. */
  | 'AlreadyExists'
  /** AWS's present state does not allow it, and that passes: draining, in use, an update under way. */
  | 'Conflict'
  /** AWS will refuse the same request again, until a person changes something (a quota included). */
  | 'Invalid'
  /** No permission, no credentials, or not the right ones. */
  | 'Denied'
  /** Too many calls; nothing happened. */
  | 'Throttled'
  /** No answer, or none that can be read, or AWS's own fault. */
  | 'Transient';

/** What is not there, when AWS says that something is not. */
export type Missing =
  | 'cluster'
  | 'service'
  | 'taskDefinition'
  | 'taskSet'
  | 'serviceDeployment'
  | 'namespace'
  | 'instance'
  | 'operation'
  | 'resource';

/** What Cloud Map says of the thing that was there before. */
export interface Existing {
  readonly namespaceId?: string;
  readonly serviceId?: string;
  /** Of DuplicateRequest: the operation that is already at it. */
  readonly operationId?: string;
  /** The token with which it was made: the same as ours when a lost answer made it. */
  readonly creatorRequestId?: string;
}

interface AwsCallErrorOptions {
  readonly kind: AwsErrorKind;
  readonly code: string;
  readonly operation: Operation;
  readonly effect: 'none' | 'unknown';
  readonly requestId?: string;
  readonly missing?: Missing;
  readonly missingAction?: string;
  readonly existing?: Existing;
}

/** An AWS call that failed. The message is one line, fit for a condition, and free of sensitive values. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
  readonly kind: AwsErrorKind;
  /** AWS's code, e.g. `ClusterNotFoundException`, or Node's, e.g. `ECONNREFUSED`. */
  readonly code: string;
  readonly operation: Operation;
  /** `unknown`: it may have happened all the same. No answer is not "no". Always `none` for a read. */
  readonly effect: 'none' | 'unknown';
  readonly requestId: string | undefined;
  /** Set when `kind` is NotFound. */
  readonly missing: Missing | undefined;
  /** Set when `kind` is Denied and a permission is what lacks, e.g. `iam:PassRole`. */
  readonly missingAction: string | undefined;
  readonly existing: Existing | undefined;

  constructor(message: string, options: AwsCallErrorOptions) {
    super(message);
    this.kind = options.kind;
    this.code = options.code;
    this.operation = options.operation;
    this.effect = options.effect;
    this.requestId = options.requestId;
    this.missing = options.missing;
    this.missingAction = options.missingAction;
    this.existing = options.existing;
  }
}

/** The error of getting credentials, so that it is not taken for an answer to the call itself. */
export class AwsCredentialsError extends Error {
  override readonly name = 'AwsCredentialsError';
}

/** Whether a call failed because the given thing is not there. */
export function isMissing(error: unknown, missing: Missing): boolean {
  return error instanceof AwsCallError && error.kind === 'NotFound' && error.missing === missing;
}

/** Which call failed. */
export interface CallContext {
  readonly operation: Operation;
  readonly target: AwsTarget;
  readonly input: object;
}

/** Turns what the seam threw into what it means. What is an AwsCallError already stays as it is. */
export function classify(thrown: unknown, context: CallContext): AwsCallError {
  if (thrown instanceof AwsCallError) return thrown;
  const facts = OPERATIONS[context.operation];
  const seen = look(thrown);
  const { meaning, message } = interpret(seen, context);
  const sent = facts.effect === 'write' && !seen.beforeSend;
  const heard = seen.status !== undefined && seen.status < 500 && !seen.unreadable;
  const missingAction = meaning.kind === 'Denied' ? deniedAction(seen, facts.action) : undefined;
  const existing = existingOf(seen);
  const line = oneLine(redact(`${facts.name}: ${message}`, context.input), adviceFor(missingAction));
  return new AwsCallError(line, {
    kind: meaning.kind,
    code: seen.code,
    operation: context.operation,
    effect: sent && !(heard && !TIMED_OUT.has(seen.code)) && meaning.kind !== 'Throttled' ? 'unknown' : 'none',
    ...(seen.requestId === undefined ? {} : { requestId: seen.requestId }),
    ...(meaning.missing === undefined ? {} : { missing: meaning.missing }),
    ...(missingAction === undefined ? {} : { missingAction }),
    ...(existing === undefined ? {} : { existing }),
    // No cause: the SDK's errors carry request and answer, which must not end in a log.
  });
}

/** Codes which say that the service itself gave up waiting, whatever the HTTP status. */
const TIMED_OUT = new Set(['RequestTimeout', 'RequestTimeoutException']);

/** Node's codes for a connection that was never made: nothing can have happened. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What can be seen of a thrown thing, whatever it is. */
interface Seen {
  readonly code: string;
  readonly message: string;
  /** HTTP status; undefined without an answer. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** There was an answer, but not one of AWS's. */
  readonly unreadable: boolean;
  /** It failed before anything left. */
  readonly beforeSend: boolean;
  readonly credentials: boolean;
  readonly members: Readonly<Record<string, unknown>>;
}

function look(thrown: unknown): Seen {
  const members = isRecord(thrown) ? thrown : {};
  const metadata = isRecord(members.$metadata) ? members.$metadata : {};
  const response = isRecord(members.$response) ? members.$response : {};
  const status = number(metadata.httpStatusCode) ?? number(response.statusCode);
  const name = text(members.name) ?? 'Error';
  const credentials = thrown instanceof AwsCredentialsError;
  const inner = credentials && isRecord(thrown.cause) ? thrown.cause : members;
  const code = text(inner.code) ?? text(inner.Code) ?? text(inner.name) ?? name;
  // An answer that breaks off leaves both a status and Node's code for the broken connection.
  const answered = !credentials && status !== undefined && !/^E[A-Z]+$/.test(code);
  const unreadable = answered && (name === 'SyntaxError' || UNNAMED.has(name));
  // The SDK adds advice for programmers to what it could not read.
  const message = (text(inner.message) ?? text(members.Message) ?? '')
    .replace(/\s*Deserialization error[\s\S]*/, '')
    .replace(/\s+/g, ' ');
  return {
    code: unreadable ? 'UnreadableAnswer' : answered ? name : code,
    message,
    status: answered ? status : undefined,
    requestId: text(metadata.requestId),
    unreadable,
    beforeSend: credentials || NEVER_CONNECTED.has(code),
    credentials,
    members,
  };
}

/** What the SDK calls an answer that names no error. */
const UNNAMED = new Set(['Error', 'TypeError', 'UnknownError', 'Unknown']);

function interpret(seen: Seen, context: CallContext): { readonly meaning: CodeMeaning; readonly message: string } {
  const facts = OPERATIONS[context.operation];
  const where = context.target.endpoint ?? `${facts.service} in ${context.target.region}`;
  if (seen.credentials) {
    const whose = context.target.roleArn === undefined ? 'credentials' : `credentials of ${context.target.roleArn}`;
    const denied = CODES.get(seen.code)?.kind === 'Denied';
    const hint = seen.code === 'CredentialsProviderError' ? '; give the operator a role or AWS_ACCESS_KEY_ID' : '';
    const message = `no ${whose}: ${seen.message || seen.code}${hint}`;
    return { meaning: { kind: denied ? 'Denied' : 'Transient' }, message };
  }
  if (seen.status === undefined) {
    const why = seen.message === '' ? seen.code : seen.message;
    return { meaning: { kind: 'Transient' }, message: `no answer from ${where}: ${why}` };
  }
  if (seen.unreadable) {
    const message = `the answer from ${where} is not one of AWS's (HTTP ${seen.status}): is the endpoint right?`;
    return { meaning: { kind: seen.status === 429 ? 'Throttled' : 'Transient' }, message };
  }
  const byCode = CODES.get(seen.code);
  const message = `${seen.message === '' ? 'no reason given' : seen.message} (${seen.code})`;
  if (byCode === undefined) {
    // A code that AWS adds tomorrow: the status tells whose fault it is.
    return { meaning: { kind: seen.status >= 500 ? 'Transient' : 'Invalid' }, message };
  }
  const byMessage = byCode.kind === 'Invalid' ? meaningOfMessage(seen.message, facts) : undefined;
  return { meaning: byMessage ?? byCode, message };
}

/** The permission that lacks: AWS's words name it, and it is not always the operation's own (iam:PassRole). */
function deniedAction(seen: Seen, own: string | undefined): string | undefined {
  const named = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)/i.exec(seen.message)?.[1];
  if (named !== undefined) return named;
  const lacksPermission = !seen.credentials && /^(AccessDenied|AccessDeniedException|NotAuthorized)$/.test(seen.code);
  return lacksPermission ? own : undefined;
}

/** What to allow, and which of the policies in iam/ does. */
function adviceFor(action: string | undefined): string {
  if (action === undefined) return '';
  const where = whereAllowed(action);
  return where === undefined ? `; allow ${action}` : `; allow ${action}: ${where}`;
}

function existingOf(seen: Seen): Existing | undefined {
  const found = {
    namespaceId: text(seen.members.NamespaceId),
    serviceId: text(seen.members.ServiceId),
    operationId: text(seen.members.DuplicateOperationId),
    creatorRequestId: text(seen.members.CreatorRequestId),
  };
  const known = Object.entries(found).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** One line of at most 1000 characters. The advice at its end is never cut off. */
function oneLine(message: string, advice: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  const room = 1000 - advice.length;
  return `${line.length > room ? `${line.slice(0, room - 1)}…` : line}${advice}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
