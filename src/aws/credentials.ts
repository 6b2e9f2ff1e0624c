import type { ECSClientConfig } from '@aws-sdk/client-ecs';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Clock } from '../runtime/clock.ts';
import { AwsCredentialsError } from './errors.ts';
import type { AwsTarget } from './send.ts';
import { targetKey } from './target-key.ts';

/** Credentials are fetched anew when they have less than this left, or a quarter of their life; milliseconds. */
const REFRESH_BEFORE_MS = 5 * 60_000;
/** How long to go on with what is at hand after they could not be fetched anew; milliseconds. */
const RETRY_AFTER_MS = 10_000;

/** What a provider of the SDK gives. */
type Identity = Awaited<ReturnType<ReturnType<typeof fromNodeProviderChain>>>;
export type Provider = () => Promise<Identity>;

/** How the SDK makes HTTP requests. */
export type HandlerOptions = Exclude<ECSClientConfig['requestHandler'], undefined>;

/**
 * Credentials per target: the operator's own (environment, files, IRSA, Pod Identity, instance), or those of an assumed
 * role. They are kept until shortly before they end, and shared by all that ask at the same time.
 */
export class Credentials {
  readonly #clock: Clock;
  readonly #requestHandler: HandlerOptions;
  readonly #providers = new Map<string, Provider>();

  constructor(options: { readonly clock: Clock; readonly requestHandler: HandlerOptions }) {
    this.#clock = options.clock;
    this.#requestHandler = options.requestHandler;
  }

  /** @returns a provider that throws AwsCredentialsError. */
  of(target: AwsTarget): Provider {
    const key = targetKey(target);
    let provider = this.#providers.get(key);
    if (provider === undefined) {
      provider = this.#shared(target.roleArn === undefined ? this.#own(target) : this.#role(target, target.roleArn));
      this.#providers.set(key, provider);
    }
    return provider;
  }

  /** Drops what is kept for a target, and for the identity it is assumed from: AWS says that it has ended. */
  forget(target: AwsTarget): void {
    const { roleArn: _, externalId: __, ...own } = target;
    this.#providers.delete(targetKey(target));
    this.#providers.delete(targetKey(own));
  }

  #own(target: AwsTarget): Provider {
    return fromNodeProviderChain({ clientConfig: { region: target.region } });
  }

  #role(target: AwsTarget, roleArn: string): Provider {
    const { roleArn: _, externalId, ...own } = target;
    return fromTemporaryCredentials({
      masterCredentials: this.of(own),
      params: {
        RoleArn: roleArn,
        RoleSessionName: 'ecs-operator',
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
      },
      clientConfig: {
        region: target.region,
        ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
        maxAttempts: 1,
        requestHandler: this.#requestHandler,
      },
    });
  }

  #shared(fetch: Provider): Provider {
    let kept: { readonly identity: Identity; readonly endsAt: number; refreshAt: number } | undefined;
    let fetching: Promise<Identity> | undefined;
    return async () => {
      if (kept && this.#clock.now() < kept.refreshAt) return kept.identity;
      fetching ??= fetch().finally(() => {
        fetching = undefined;
      });
      try {
        const identity = await fetching;
        const now = this.#clock.now();
        const endsAt = identity.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
        kept = { identity, endsAt, refreshAt: endsAt - Math.min(REFRESH_BEFORE_MS, (endsAt - now) / 4) };
        return identity;
      } catch (error) {
        // Those at hand are good to their last second: STS out of reach need not stop us yet.
        const now = this.#clock.now();
        if (kept && now < kept.endsAt) {
          kept.refreshAt = now + RETRY_AFTER_MS;
          return kept.identity;
        }
        if (error instanceof AwsCredentialsError) throw error;
        const message = error instanceof Error ? error.message : String(error);
        throw new AwsCredentialsError(message, { cause: error });
      }
    };
  }
}
