import { AwsCallError, isMissing } from '../aws/errors.ts';
import type { Operation } from '../aws/operations.ts';
import type { AwsSession } from '../reconcile/kind.ts';

/** What status remembers of an operation, so that a restart goes on waiting for it. */
export interface RememberedOperation {
  readonly id: string;
  /** Cloud Map's word, e.g. `CREATE_NAMESPACE`. */
  readonly type: string;
}

/** Something that Cloud Map does over time, as GetOperation tells it. */
export interface CloudMapOperation extends RememberedOperation {
  readonly state: 'pending' | 'succeeded' | 'failed';
  /** Milliseconds since the epoch; while it is pending, when it last changed. */
  readonly updatedAt?: number;
  /** Why it failed, in AWS's words. */
  readonly failure?: string;
  /** What it is about: by the operation's type, the id of a namespace or service. */
  readonly namespaceId?: string;
}

/** How often an operation is looked at. Milliseconds. */
export const OPERATION_POLL_MS = 2_000;
/** How long an operation that failed rests, when nothing changes, before it is tried once more. Milliseconds. */
const RETRY_AFTER_MS = 10 * 60_000;

/** @returns undefined when there is none, or AWS has forgotten it. @throws AwsCallError */
export async function readOperation(
  remembered: RememberedOperation | undefined,
  aws: AwsSession,
): Promise<CloudMapOperation | undefined> {
  if (remembered === undefined) return undefined;
  try {
    const { Operation } = await aws.call('servicediscovery.GetOperation', { OperationId: remembered.id });
    if (Operation === undefined) return undefined;
    const { Type, Status, Targets, UpdateDate, ErrorCode, ErrorMessage } = Operation;
    const updatedAt = UpdateDate?.getTime();
    const failure = [ErrorCode, ErrorMessage].filter((word) => word !== undefined && word !== '').join(': ');
    return {
      id: remembered.id,
      // Of a duplicate request the operation may be another than the one that was asked for.
      type: Type ?? remembered.type,
      state: Status === 'SUCCESS' ? 'succeeded' : Status === 'FAIL' ? 'failed' : 'pending',
      ...(updatedAt === undefined ? {} : { updatedAt }),
      ...(Status === 'FAIL' ? { failure: failure === '' ? 'no reason given' : failure } : {}),
      ...(Targets?.NAMESPACE === undefined ? {} : { namespaceId: Targets.NAMESPACE }),
    };
  } catch (error) {
    if (isMissing(error, 'operation')) return undefined;
    throw error;
  }
}

interface Ask {
  readonly call: Operation;
  /** Cloud Map's word for what is asked, e.g. `CREATE_NAMESPACE`. */
  readonly type: string;
}

/**
 * Takes the operation that a call answers with. When another one is under way already, that one is waited for: what it
 * leaves to be done is seen afterwards.
 * @throws AwsCallError
 */
export async function startedOperation(
  { call, type }: Ask,
  answer: Promise<{ readonly OperationId?: string | undefined }>,
): Promise<CloudMapOperation> {
  try {
    const { OperationId: id } = await answer;
    if (id !== undefined) return { id, type, state: 'pending' };
    const message = `${type}: the answer names no operation`;
    throw new AwsCallError(message, { kind: 'Transient', code: 'Incomplete', operation: call, effect: 'unknown' });
  } catch (error) {
    const duplicate = error instanceof AwsCallError && error.code === 'DuplicateRequest';
    const id = duplicate ? error.existing?.operationId : undefined;
    if (id === undefined) throw error;
    return { id, type, state: 'pending' };
  }
}

/** The part of an operation that status keeps. */
export function rememberedOperation({ id, type }: CloudMapOperation): RememberedOperation {
  return { id, type };
}

/** Whether what failed may be tried again: the spec has changed since, or it has rested long enough. Pure. */
export function mayTryAgain(
  operation: CloudMapOperation,
  at: {
    readonly now: number;
    readonly generation: number | undefined;
    readonly observedGeneration: number | undefined;
  },
): boolean {
  if (at.generation !== at.observedGeneration) return true;
  return operation.updatedAt === undefined || at.now - operation.updatedAt >= RETRY_AFTER_MS;
}
