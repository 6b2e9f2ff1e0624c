import { type AssumeRoleRequest, AssumeRoleRequest$ } from '@aws-sdk/client-sts';
import { AwsError } from '../core/aws-error.ts';
import { InputChecker } from '../core/input.ts';
import type { Identities, Identity } from './identities.ts';

/** Who may assume a role; roles that nothing is said of let everybody in. */
export interface RoleTrust {
  /** The external id that a caller has to give. */
  readonly externalId?: string;
  /** The role refuses everybody. */
  readonly refused?: boolean;
}

const checker = new InputChecker({ invalidCode: 'ValidationError' });

/** AWS STS, as far as assuming roles goes. It has no state per region. */
export class Sts {
  readonly #identities: Identities;
  readonly #trust = new Map<string, RoleTrust>();

  constructor(identities: Identities, roles: Readonly<Record<string, RoleTrust>> = {}) {
    this.#identities = identities;
    for (const [arn, trust] of Object.entries(roles)) this.#trust.set(arn, trust);
  }

  /** Says who may assume a role, from now on. */
  setRole(roleArn: string, trust: RoleTrust): void {
    this.#trust.set(roleArn, trust);
  }

  /** @throws AwsError as STS would answer it. */
  handle(operation: string, input: unknown, caller: Identity): object {
    switch (operation) {
      case 'GetCallerIdentity':
        return { UserId: caller.userId, Account: caller.accountId, Arn: caller.arn };
      case 'AssumeRole':
        // The checker refuses whatever does not have the schema's members and types.
        return this.#assumeRole(checker.check(AssumeRoleRequest$, withNumbers(input)) as AssumeRoleRequest, caller);
      default:
        throw new AwsError({
          code: 'InvalidAction',
          message: `Could not find operation ${operation} for version 2011-06-15`,
        });
    }
  }

  #assumeRole(input: AssumeRoleRequest, caller: Identity): object {
    const { RoleArn = '', RoleSessionName = '', ExternalId, DurationSeconds = 3600 } = input;
    const [, partition, accountId, path] = RoleArn.match(/^arn:(aws[\w-]*):iam::(\d{12}):role\/([\w+=,.@/-]+)$/) ?? [];
    const name = path?.split('/').at(-1);
    if (!partition || !accountId || !name) throw invalid(`${RoleArn} is invalid`);
    if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
      throw invalid(
        `1 validation error detected: Value '${RoleSessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [\\w+=,.@-]* and have a length between 2 and 64',
      );
    }
    if (DurationSeconds < 900 || DurationSeconds > 43_200) {
      throw invalid(
        `1 validation error detected: Value '${DurationSeconds}' at 'durationSeconds' failed to satisfy constraint: ` +
          'Member must have value between 900 and 43200',
      );
    }
    const trust = this.#trust.get(RoleArn);
    if (trust?.refused || (trust?.externalId !== undefined && trust.externalId !== ExternalId)) {
      throw new AwsError({
        code: 'AccessDenied',
        httpStatus: 403,
        message: `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      });
    }
    const session = this.#identities.open({
      accountId,
      partition,
      name,
      sessionName: RoleSessionName,
      seconds: DurationSeconds,
    });
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: new Date(session.expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: session.identity.userId, Arn: session.identity.arn },
    };
  }
}

/** The Query protocol carries all scalars as text. */
function withNumbers(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('DurationSeconds' in input)) return input;
  return { ...input, DurationSeconds: Number(input.DurationSeconds) };
}

function invalid(message: string): AwsError {
  return new AwsError({ code: 'ValidationError', message });
}
