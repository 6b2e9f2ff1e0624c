import { badRequest } from '../api-error.ts';

/** What a write's query says, and who sends it. */
export interface WriteOptions {
  readonly fieldManager: string | undefined;
  readonly userAgent: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  /** Unknown members are refused. */
  readonly strict: boolean;
}

/** What the API server answers. */
export interface Written {
  readonly code: 200 | 201;
  readonly object: import('../json.ts').JsonObject;
}

/** @throws ApiError (BadRequest) when members are unknown and that is not allowed. */
export function refuseUnknown(unknown: readonly string[], { strict }: WriteOptions): void {
  if (!strict || unknown.length === 0) return;
  const list = unknown.map((path) => `unknown field ${JSON.stringify(path)}`).join(', ');
  throw badRequest(`strict decoding error: ${list}`);
}
