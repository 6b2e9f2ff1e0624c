import {
  type GetOperationRequest,
  GetOperationRequest$,
  type ListOperationsRequest,
  ListOperationsRequest$,
  type OperationFilter,
  type Operation as OperationOutput,
  type OperationStatus,
  type OperationTargetType,
  type OperationType,
} from '@aws-sdk/client-servicediscovery';
import { randomString } from '../../runtime/random.ts';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { FakeScope } from '../core/scope.ts';
import { type Checked, type Operation, operation } from './inputs.ts';
import { checkChoice, checkRange } from './patterns.ts';
import { invalidInput } from './state.ts';

interface OperationRecord {
  readonly id: string;
  readonly type: OperationType;
  readonly targets: Readonly<Partial<Record<OperationTargetType, string>>>;
  readonly createdAt: number;
  status: OperationStatus;
  updatedAt: number;
  errorCode?: string;
  errorMessage?: string;
}

/** Something that AWS does over time. */
export interface Submission {
  readonly type: OperationType;
  readonly targets: Readonly<Partial<Record<OperationTargetType, string>>>;
  /** What may have one operation at a time, e.g. a namespace's id or a service's id with an instance's. */
  readonly subject: string;
  /** Milliseconds of AWS's time from the submission to the effect. */
  readonly takes: number;
  /** Tells a retry from another request: the same token on the same subject answers the same operation. */
  readonly token?: string | undefined;
  /** The effect, once the time has passed. An Error that it returns makes the operation fail with its code. */
  readonly effect: () => OperationFailure | undefined;
}

/** Why an operation failed: one of AWS's codes (`CANNOT_CREATE_HOSTED_ZONE`, …) and words. */
interface OperationFailure {
  readonly code: string;
  readonly message: string;
}

/** How long an operation stays SUBMITTED. */
const SUBMITTED_MS = 300;
/** How many finished operations are remembered. */
const REMEMBERED = 10_000;

/** Cloud Map's operations: SUBMITTED, then PENDING, then SUCCESS or FAIL. */
export class Operations {
  readonly #scope: FakeScope;
  readonly #records = new Map<string, OperationRecord>();
  /** The operation that is under way on a subject, with its token. */
  readonly #underWay = new Map<string, { readonly id: string; readonly token: string | undefined }>();

  readonly handlers: Readonly<Record<string, Operation>> = {
    GetOperation: operation<GetOperationRequest>(GetOperationRequest$, (input) => this.#get(input)),
    ListOperations: operation<ListOperationsRequest>(ListOperationsRequest$, (input) => this.#list(input)),
  };

  constructor(scope: FakeScope) {
    this.#scope = scope;
  }

  /**
   * Refuses a second operation on a subject, as AWS does.
   * @returns the operation under way when it is the same request again.
   * @throws AwsError DuplicateRequest with DuplicateOperationId.
   */
  existing(subject: string, token: string | undefined): string | undefined {
    const current = this.#underWay.get(subject);
    if (!current) return undefined;
    if (token !== undefined && current.token === token) return current.id;
    throw new AwsError({
      code: 'DuplicateRequest',
      message: `Another operation is in progress (${current.id}).`,
      fields: { DuplicateOperationId: current.id },
    });
  }

  /**
   * Starts an operation, or finds the one that the same request started before.
   * @returns its id.
   * @throws AwsError DuplicateRequest while another one is under way on the subject.
   */
  submit(submission: Submission): string {
    const existing = this.existing(submission.subject, submission.token);
    if (existing !== undefined) return existing;
    const { clock, random, timers } = this.#scope;
    const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
    const id = `${randomString(random, 32, alphabet)}-${randomString(random, 8, alphabet)}`;
    const now = clock.now();
    const record: OperationRecord = {
      id,
      type: submission.type,
      targets: submission.targets,
      createdAt: now,
      updatedAt: now,
      status: 'SUBMITTED',
    };
    this.#records.set(id, record);
    this.#forgetOldest();
    this.#underWay.set(submission.subject, { id, token: submission.token });
    const submitted = Math.min(SUBMITTED_MS, submission.takes / 2);
    timers.after(submitted, () => {
      this.#become(record, 'PENDING');
      timers.after(submission.takes - submitted, () => this.#finish(record, submission));
    });
    return id;
  }

  snapshot(): object[] {
    return [...this.#records.values()].map((record) => this.#output(record));
  }

  #finish(record: OperationRecord, submission: Submission): void {
    this.#underWay.delete(submission.subject);
    const failure = submission.effect();
    if (failure) {
      record.errorCode = failure.code;
      record.errorMessage = failure.message;
    }
    this.#become(record, failure ? 'FAIL' : 'SUCCESS');
  }

  #become(record: OperationRecord, status: OperationStatus): void {
    record.status = status;
    record.updatedAt = this.#scope.clock.now();
  }

  #forgetOldest(): void {
    for (const [id, { status }] of this.#records) {
      if (this.#records.size <= REMEMBERED) return;
      if (status === 'SUCCESS' || status === 'FAIL') this.#records.delete(id);
      else return;
    }
  }

  #get({ OperationId }: Checked<GetOperationRequest>): object {
    const record = this.#records.get(OperationId);
    if (!record) {
      throw new AwsError({ code: 'OperationNotFound', message: `Operation ${OperationId} is not found.` });
    }
    return { Operation: this.#output(record) };
  }

  #list({ Filters = [], MaxResults, NextToken }: Checked<ListOperationsRequest>): object {
    checkRange({ at: 'maxResults', value: MaxResults, min: 1, max: 100 });
    const matchers = Filters.map(matcherOf);
    const all = [...this.#records.values()].filter((record) => matchers.every((matches) => matches(record)));
    const page = pageOf({
      all,
      keyOf: (record) => record.id,
      maxResults: MaxResults ?? 100,
      nextToken: NextToken,
      invalidTokenCode: 'InvalidInput',
    });
    return {
      Operations: page.items.map(({ id, status }) => ({ Id: id, Status: status })),
      ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
    };
  }

  #output(record: OperationRecord): OperationOutput {
    return {
      Id: record.id,
      OwnerAccount: this.#scope.accountId,
      Type: record.type,
      Status: record.status,
      CreateDate: new Date(record.createdAt),
      UpdateDate: new Date(record.updatedAt),
      Targets: record.targets,
      ...(record.errorCode === undefined ? {} : { ErrorCode: record.errorCode }),
      ...(record.errorMessage === undefined ? {} : { ErrorMessage: record.errorMessage }),
    };
  }
}

/** Which conditions AWS supports for which filter (model of OperationFilter). */
const CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  NAMESPACE_ID: ['EQ'],
  SERVICE_ID: ['EQ'],
  STATUS: ['EQ', 'IN'],
  TYPE: ['EQ', 'IN'],
  UPDATE_DATE: ['BETWEEN'],
};

function matcherOf(filter: Checked<OperationFilter>): (record: OperationRecord) => boolean {
  const { Name, Values, Condition = Name === 'UPDATE_DATE' ? 'BETWEEN' : 'EQ' } = filter;
  checkChoice({ at: 'filters.name', value: Name, choices: Object.keys(CONDITIONS) });
  if (!CONDITIONS[Name]?.includes(Condition)) throw invalidInput(`Filter ${Name} does not support ${Condition}.`);
  if (Condition === 'EQ' && Values.length !== 1) throw invalidInput(`Filter ${Name} with EQ takes one value.`);
  if (Condition === 'BETWEEN') {
    const [from = Number.NaN, to = Number.NaN] = Values.map(Number);
    if (Values.length !== 2 || Number.isNaN(from) || Number.isNaN(to)) {
      throw invalidInput('UPDATE_DATE takes a start and an end date.');
    }
    return ({ updatedAt }) => updatedAt >= from * 1000 && updatedAt <= to * 1000;
  }
  switch (Name) {
    case 'NAMESPACE_ID':
      return ({ targets }) => targets.NAMESPACE !== undefined && Values.includes(targets.NAMESPACE);
    case 'SERVICE_ID':
      return ({ targets }) => targets.SERVICE !== undefined && Values.includes(targets.SERVICE);
    case 'STATUS':
      return ({ status }) => Values.includes(status);
    default:
      return ({ type }) => Values.includes(type);
  }
}
