import { KubeApiError, type RequestLine, type StatusCause, type StatusDetails } from './errors.ts';

/** Turns a `Status` of the API (or whatever came in its place) into an error. */
export function statusError(
  body: unknown,
  answer: { readonly status: number; readonly request: RequestLine; readonly retryAfter?: string | undefined },
): KubeApiError {
  const status = isRecord(body) ? body : {};
  const code = typeof status.code === 'number' ? status.code : answer.status;
  const headerSeconds = Number(answer.retryAfter);
  return new KubeApiError({
    status: code,
    reason: text(status.reason),
    message: text(status.message) ?? (typeof body === 'string' && body !== '' ? body.slice(0, 500) : `status ${code}`),
    details: details(status.details),
    retryAfterSeconds: answer.retryAfter && Number.isFinite(headerSeconds) ? headerSeconds : undefined,
    request: answer.request,
  });
}

function details(value: unknown): StatusDetails | undefined {
  if (!isRecord(value)) return undefined;
  const [name, group, kind, uid] = [text(value.name), text(value.group), text(value.kind), text(value.uid)];
  const seconds = value.retryAfterSeconds;
  return {
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...(kind !== undefined && { kind }),
    ...(uid !== undefined && { uid }),
    ...(typeof seconds === 'number' && { retryAfterSeconds: seconds }),
    ...(Array.isArray(value.causes) && { causes: value.causes.filter(isRecord).map(cause) }),
  };
}

function cause(value: Record<string, unknown>): StatusCause {
  const [reason, message, field] = [text(value.reason), text(value.message), text(value.field)];
  return {
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(field !== undefined && { field }),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
