import type { Clock } from '../../runtime/clock.ts';
import { type Random, randomString } from '../../runtime/random.ts';
import { AwsError } from '../core/aws-error.ts';

/** Who calls. */
export interface Identity {
  readonly accountId: string;
  readonly arn: string;
  /** AWS's unique id, as GetCallerIdentity prints it. */
  readonly userId: string;
}

/** Temporary credentials of an assumed role. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly identity: Identity;
}

export interface IdentitiesOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The account of access keys that nothing else is known of. */
  readonly accountId: string;
  /** Accounts of particular access keys. */
  readonly accessKeys?: Readonly<Record<string, string>>;
}

/** The keys that this fake gave out start so, which tells one from before a restart from somebody's real key. */
const SESSION_KEY = 'ASIAFAKE';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Which account and role stand behind an access key. */
export class Identities {
  readonly #options: IdentitiesOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(options: IdentitiesOptions) {
    this.#options = options;
  }

  /**
   * The identity behind an access key. A key of twelve digits is that account's own; any other unknown key belongs to
   * the fake's own account.
   * @throws AwsError for a session that has expired, or that an earlier run of the fake gave out.
   */
  resolve(accessKeyId: string): Identity {
    const session = this.#sessions.get(accessKeyId);
    if (session) {
      if (session.expiresAt > this.#options.clock.now()) return session.identity;
      this.#sessions.delete(accessKeyId);
      throw new AwsError({
        code: 'ExpiredTokenException',
        message: 'The security token included in the request is expired',
      });
    }
    if (accessKeyId.startsWith(SESSION_KEY)) {
      throw new AwsError({
        code: 'UnrecognizedClientException',
        message: 'The security token included in the request is invalid.',
      });
    }
    const accountId =
      this.#options.accessKeys?.[accessKeyId] ?? (/^\d{12}$/.test(accessKeyId) ? accessKeyId : this.#options.accountId);
    return { accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId };
  }

  /** Makes credentials for an assumed role. */
  open(role: {
    readonly accountId: string;
    readonly partition: string;
    readonly name: string;
    readonly sessionName: string;
    readonly seconds: number;
  }): Session {
    const { clock, random } = this.#options;
    const roleId = `AROA${randomString(random, 17, UPPER)}`;
    const session: Session = {
      accessKeyId: `${SESSION_KEY}${randomString(random, 12, UPPER)}`,
      secretAccessKey: randomString(random, 40, 'abcdefghijklmnopqrstuvwxyz0123456789'),
      sessionToken: randomString(random, 64, 'abcdefghijklmnopqrstuvwxyz0123456789'),
      expiresAt: clock.now() + role.seconds * 1000,
      identity: {
        accountId: role.accountId,
        arn: `arn:${role.partition}:sts::${role.accountId}:assumed-role/${role.name}/${role.sessionName}`,
        userId: `${roleId}:${role.sessionName}`,
      },
    };
    this.#dropExpired();
    this.#sessions.set(session.accessKeyId, session);
    return session;
  }

  #dropExpired(): void {
    const now = this.#options.clock.now();
    for (const [key, { expiresAt }] of this.#sessions) {
      // A day later: until then the caller hears that its token has expired, and not that it is unknown.
      if (expiresAt + 86_400_000 < now) this.#sessions.delete(key);
    }
  }
}
