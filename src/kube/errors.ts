/** One entry of a Status's `details.causes`. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What the API server says about a failure besides its message. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** Which request failed, for messages. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
}

/** The API server answered, and the answer is a failure (or an ERROR event in a watch). */
export class KubeApiError extends Error {
  /** HTTP status, or the `code` of the Status in a watch. */
  readonly status: number;
  /** `reason` of the Status, e.g. `NotFound`; derived from the HTTP status when the body was not a Status. */
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** When the server asks to wait (429, 503, 500 with Retry-After); seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(options: {
    readonly status: number;
    readonly reason?: string | undefined;
    readonly message: string;
    readonly details?: StatusDetails | undefined;
    readonly retryAfterSeconds?: number | undefined;
    readonly request: RequestLine;
  }) {
    // One line, as a log and a page about readiness show it: what is no Status ends with a newline.
    const message = options.message.replace(/\s+/g, ' ').trim();
    super(`${options.request.method} ${options.request.path}: ${options.status} ${message}`);
    this.name = 'KubeApiError';
    this.status = options.status;
    this.reason = options.reason || reasonOfStatus(options.status);
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds ?? options.details?.retryAfterSeconds;
  }
}

/** No answer was had: refused, reset, timed out. Whether the request took effect is not known. */
export class KubeRequestError extends Error {
  readonly timedOut: boolean;

  constructor(options: { readonly message: string; readonly timedOut?: boolean; readonly cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = 'KubeRequestError';
    this.timedOut = options.timedOut ?? false;
  }
}

/** An answer came that is not what the Kubernetes API speaks: not JSON, a broken line in a watch. */
export class KubeProtocolError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'KubeProtocolError';
  }
}

/** The configuration for reaching a cluster is missing or wrong: one line that says which file and what to do. */
export class KubeConfigError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'KubeConfigError';
  }
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function reasonOfStatus(status: number): string {
  return REASONS[status] ?? 'Unknown';
}

function hasReason(error: unknown, ...reasons: readonly string[]): boolean {
  return error instanceof KubeApiError && reasons.includes(error.reason);
}

/** The object, or the whole resource type, is not there. */
export function isNotFound(error: unknown): boolean {
  return hasReason(error, 'NotFound');
}

/** Somebody else changed the object, or the UID or resourceVersion we gave is not the live one. */
export function isConflict(error: unknown): boolean {
  return hasReason(error, 'Conflict');
}

/** A creation found the name taken. */
export function isAlreadyExists(error: unknown): boolean {
  return hasReason(error, 'AlreadyExists');
}

/** The resourceVersion or continue token is too old (etcd was compacted): list again. */
export function isGone(error: unknown): boolean {
  return hasReason(error, 'Expired', 'Gone');
}

/** RBAC or an admission plugin says no. */
export function isForbidden(error: unknown): boolean {
  return hasReason(error, 'Forbidden');
}

/** The object does not satisfy its schema. */
export function isInvalid(error: unknown): boolean {
  return hasReason(error, 'Invalid');
}

/**
 * Nothing may be created any more, because the namespace is on its way out: a 403 whose cause is NamespaceTerminating
 * (k8s.io/apiserver, plugin/namespace/lifecycle).
 */
export function isTerminatingNamespace(error: unknown): boolean {
  if (!(error instanceof KubeApiError)) return false;
  return error.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ?? false;
}

/** The namespace an object is to be created in does not exist (any more). */
export function isMissingNamespace(error: unknown): boolean {
  return isNotFound(error) && error instanceof KubeApiError && error.details?.kind === 'namespaces';
}
