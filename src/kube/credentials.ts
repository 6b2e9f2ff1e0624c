import { readFile } from 'node:fs/promises';
import type { Clock } from '../runtime/clock.ts';
import { KubeConfigError } from './errors.ts';
import { type ExecCredentials, runExecPlugin } from './exec-credentials.ts';
import { type ClusterAccess, describeFileError } from './kubeconfig.ts';

/** What a request needs to be let in. Strings are PEM. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Files are read again after so long, as client-go does: tokens of service accounts rotate hourly. */
const FILE_LIFE_MS = 60_000;
/** A token that is about to expire would do so on its way. */
const EXPIRY_MARGIN_MS = 60_000;

/** Credentials of one context, kept as long as they hold. */
export class CredentialSource {
  readonly #access: ClusterAccess;
  readonly #clock: Clock;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #current: { readonly value: Promise<Credentials>; readonly until: number } | undefined;
  #exec: ExecCredentials | undefined;

  constructor(options: {
    readonly access: ClusterAccess;
    readonly clock: Clock;
    readonly env: Readonly<Record<string, string | undefined>>;
  }) {
    this.#access = options.access;
    this.#clock = options.clock;
    this.#env = options.env;
  }

  /** @throws KubeConfigError when a file or the plugin fails. */
  async get(): Promise<Credentials> {
    const now = this.#clock.now();
    if (!this.#current || now >= this.#current.until) {
      this.#current = { value: this.#load(now), until: now + FILE_LIFE_MS };
    }
    const { value } = this.#current;
    try {
      return await value;
    } catch (error) {
      if (this.#current?.value === value) this.#current = undefined;
      throw error;
    }
  }

  /** The server refused them. @returns whether fetching them anew may help. */
  invalidate(): boolean {
    const { exec, tokenFile, certFile } = this.#access.user;
    this.#current = undefined;
    this.#exec = undefined;
    return exec !== undefined || tokenFile !== undefined || certFile !== undefined;
  }

  async #load(now: number): Promise<Credentials> {
    const { user, caData, caFile } = this.#access;
    const exec = user.exec && (await this.#runExec(now));
    const token = exec?.token ?? (user.tokenFile ? (await this.#file(user.tokenFile)).trim() : user.token);
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    else if (user.username !== undefined) {
      const pair = `${user.username}:${user.password ?? ''}`;
      headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    if (user.impersonate !== undefined) headers['impersonate-user'] = user.impersonate;
    return {
      headers,
      ca: await this.#pem(caData, caFile),
      cert: exec?.cert ?? (await this.#pem(user.certData, user.certFile)),
      key: exec?.key ?? (await this.#pem(user.keyData, user.keyFile)),
    };
  }

  async #runExec(now: number): Promise<ExecCredentials | undefined> {
    const { user, server, caData, serverName, insecure } = this.#access;
    if (!user.exec) return undefined;
    const { expires } = this.#exec ?? {};
    if (this.#exec && (expires === undefined || expires - EXPIRY_MARGIN_MS > now)) return this.#exec;
    const cluster = {
      server,
      ...(caData !== undefined && { 'certificate-authority-data': caData }),
      ...(serverName !== undefined && { 'tls-server-name': serverName }),
      ...(insecure && { 'insecure-skip-tls-verify': true }),
    };
    this.#exec = await runExecPlugin({ exec: user.exec, cluster, env: this.#env, clock: this.#clock });
    return this.#exec;
  }

  /** Data wins over a file, as in client-go. */
  async #pem(data: string | undefined, file: string | undefined): Promise<string | undefined> {
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
    return file === undefined ? undefined : this.#file(file);
  }

  async #file(file: string): Promise<string> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      throw new KubeConfigError(`${this.#access.source} names ${file}: ${describeFileError(code)}`, error);
    }
  }
}
