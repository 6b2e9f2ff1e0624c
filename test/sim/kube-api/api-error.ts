import type { FieldError } from './field-error.ts';
import { causeOf, fieldErrorText } from './field-error.ts';
import type { JsonObject } from './json.ts';

/** A resource or kind by its name and group, as it stands in a Status. */
export interface Qualified {
  readonly group: string;
  /** Plural, or the kind where Kubernetes says that. */
  readonly name: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly JsonObject[];
  readonly retryAfterSeconds?: number;
}

interface Refusal {
  readonly code: number;
  /** Left out where Kubernetes answers an error that it did not foresee. */
  readonly reason?: string;
  readonly message: string;
  readonly details?: StatusDetails;
  /** Of the Status' metadata: how an expired list can go on. */
  readonly continue?: string;
}

/** A request is refused: becomes a Status body with its HTTP code (k8s.io/apimachinery, pkg/api/errors). */
export class ApiError extends Error {
  readonly code: number;
  readonly status: JsonObject;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'ApiError';
    this.code = refusal.code;
    this.status = statusBody(refusal);
  }
}

function statusBody({ code, reason, message, details, continue: token }: Refusal): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: token === undefined ? {} : { continue: token },
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details: compact(details) }),
    code,
  };
}

/** Kubernetes leaves out what is empty. */
function compact(details: StatusDetails): JsonObject {
  const entries = Object.entries(details).filter(([, value]) => value !== undefined && value !== '' && value !== 0);
  // Safe: these are the members of StatusDetails, all of them JSON.
  return Object.fromEntries(entries) as JsonObject;
}

function text({ group, name }: Qualified): string {
  return group === '' ? name : `${name}.${group}`;
}

function details(of: Qualified, name: string): StatusDetails {
  return { name, group: of.group, kind: of.name };
}

export function notFound(resource: Qualified, name: string): ApiError {
  const message = `${text(resource)} "${name}" not found`;
  return new ApiError({ code: 404, reason: 'NotFound', message, details: details(resource, name) });
}

/** @param isGoing whether what is there is being deleted. */
export function alreadyExists(resource: Qualified, name: string, isGoing: boolean): ApiError {
  const message = `${isGoing ? 'object is being deleted: ' : ''}${text(resource)} "${name}" already exists`;
  return new ApiError({ code: 409, reason: 'AlreadyExists', message, details: details(resource, name) });
}

export function conflict(resource: Qualified, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${text(resource)} "${name}": ${why}`;
  return new ApiError({ code: 409, reason: 'Conflict', message, details: details(resource, name) });
}

export function applyConflict(message: string, causes: readonly JsonObject[]): ApiError {
  return new ApiError({ code: 409, reason: 'Conflict', message, details: { causes } });
}

export function forbidden(options: {
  readonly resource: Qualified;
  readonly name: string;
  readonly why: string;
  readonly causes?: readonly JsonObject[];
}): ApiError {
  const { resource, name, why, causes } = options;
  const subject = name === '' ? text(resource) : `${text(resource)} "${name}"`;
  const more = causes === undefined ? {} : { causes };
  const message = `${subject} is forbidden: ${why}`;
  return new ApiError({ code: 403, reason: 'Forbidden', message, details: { ...details(resource, name), ...more } });
}

/** @param kind by its kind's name, not the plural. */
export function invalid(kind: Qualified, name: string, errors: readonly FieldError[]): ApiError {
  const parts = [...new Set(errors.map(fieldErrorText))];
  const all = parts.length === 1 ? parts[0] : `[${parts.join(', ')}]`;
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: `${text(kind)} "${name}" is invalid: ${all}`,
    details: { ...details(kind, name), causes: errors.map(causeOf) },
  });
}

export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: 'BadRequest', message });
}

export function methodNotAllowed(resource: Qualified, verb: string): ApiError {
  const message = `${verb} is not supported on resources of kind "${text(resource)}"`;
  const about = { group: resource.group, kind: resource.name };
  return new ApiError({ code: 405, reason: 'MethodNotAllowed', message, details: about });
}

export function unsupportedMediaType(types: readonly string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`;
  return new ApiError({ code: 415, reason: 'UnsupportedMediaType', message });
}

export function expired(message: string, token?: string): ApiError {
  return new ApiError({
    code: 410,
    reason: 'Expired',
    message,
    ...(token === undefined ? {} : { continue: token }),
  });
}

/** An error that Kubernetes did not foresee: 500 without a reason. */
export function unforeseen(message: string): ApiError {
  return new ApiError({ code: 500, message });
}
