import type { ECSClientConfig } from '@aws-sdk/client-ecs';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Clock } from '../runtime/clock.ts';
import { AwsCredentialsError } from './errors.ts';
import type { AwsTarget } from './send.ts';
import { targetKey } from './target-key.ts';

/** Credentials are fetched anew when they have less than this left, in milliseconds. */
const REFRESH_BEFORE_MS = 5 * 60_000;

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
    let kept: Identity | undefined;
    let fetching: Promise<Identity> | undefined;
    return async () => {
      const endsAt = kept?.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
      if (kept && endsAt - this.#clock.now() > REFRESH_BEFORE_MS) return kept;
      fetching ??= fetch().finally(() => {
        fetching = undefined;
      });
      try {
        kept = await fetching;
        return kept;
      } catch (error) {
        // Those at hand are good to their last second: STS out of reach need not stop us yet.
        if (kept && endsAt > this.#clock.now()) return kept;
        if (error instanceof AwsCredentialsError) throw error;
        const message = error instanceof Error ? error.message : String(error);
        throw new AwsCredentialsError(message, { cause: error });
      }
    };
  }
}
