/** What an AWS error is made of. */
export interface AwsErrorParts {
  /** AWS's error code, e.g. `ClientException`. */
  readonly code: string;
  readonly message: string;
  /** 400 when left out, as nearly all errors of the JSON protocols are. */
  readonly httpStatus?: number;
  /** Further members of the error's body, e.g. `NamespaceId`. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A refusal, as AWS would answer it. `name` and `code` are both AWS's error code, as in the SDK. */
export class AwsError extends Error {
  readonly code: string;
  readonly httpStatus: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor({ code, message, httpStatus = 400, fields = {} }: AwsErrorParts) {
    super(message);
    this.name = code;
    this.code = code;
    this.httpStatus = httpStatus;
    this.fields = fields;
  }
}
