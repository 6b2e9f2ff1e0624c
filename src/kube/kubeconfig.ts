import { readFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { KubeConfigError } from './errors.ts';
import type { ExecConfig } from './exec-credentials.ts';

/** Where a cluster is and who we are there: one resolved context. Paths are absolute. */
export interface ClusterAccess {
  /** What it was read from, for messages. */
  readonly source: string;
  /** Without a slash at its end; may have a path. */
  readonly server: string;
  readonly namespace?: string | undefined;
  readonly caData?: string | undefined;
  readonly caFile?: string | undefined;
  readonly serverName?: string | undefined;
  readonly insecure: boolean;
  readonly proxyUrl?: string | undefined;
  readonly user: UserAccess;
}

/** Credentials as a kubeconfig names them. Data members are base64. */
interface UserAccess {
  readonly certData?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyData?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly exec?: ExecConfig | undefined;
  readonly impersonate?: string | undefined;
  /** The legacy plugins (oidc, gcp, azure): left to the library. */
  readonly hasAuthProvider: boolean;
}

export interface KubeconfigOptions {
  /** A file; when left out: the pod's service account, else KUBECONFIG, else ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  /** Another context than the current one. */
  readonly context?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a pod finds its service account; for tests. */
  readonly serviceAccountDir?: string;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Finds out how to reach the cluster.
 * @throws KubeConfigError in one line that says which file is wrong, and how.
 */
export async function loadClusterAccess(options: KubeconfigOptions): Promise<ClusterAccess> {
  if (options.kubeconfig !== undefined) return resolveContext(await load([options.kubeconfig]), options.context);
  const inCluster = await fromServiceAccount(options);
  if (inCluster) return inCluster;
  const { KUBECONFIG, HOME } = options.env;
  const files = (KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  if (files.length > 0) return resolveContext(await load(files), options.context);
  const file = HOME === undefined ? undefined : join(HOME, '.kube', 'config');
  if (file === undefined || (await read(file)) === undefined) {
    throw new KubeConfigError(
      `no Kubernetes cluster is configured: not in a pod, KUBECONFIG is not set, ${file ?? '~/.kube/config'} is not ` +
        'there; pass --kubeconfig FILE',
    );
  }
  return resolveContext(await load([file]), options.context);
}

async function fromServiceAccount(options: KubeconfigOptions): Promise<ClusterAccess | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = options.env;
  const root = options.serviceAccountDir ?? SERVICE_ACCOUNT;
  const tokenFile = join(root, 'token');
  if (!host || !port || (await read(tokenFile)) === undefined) return undefined;
  return {
    source: `the service account in ${root}`,
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    namespace: (await read(join(root, 'namespace')))?.trim(),
    caFile: join(root, 'ca.crt'),
    insecure: false,
    user: { tokenFile, hasAuthProvider: false },
  };
}

/** A node of parsed YAML. */
type Fields = Readonly<Record<string, unknown>>;

interface Entry {
  readonly fields: Fields;
  /** Relative paths in it start here. */
  readonly directory: string;
}

interface Merged {
  readonly source: string;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly current: string | undefined;
}

/** Several files are merged as kubectl does it: what comes first wins. */
async function load(files: readonly string[]): Promise<Merged> {
  const [contexts, clusters, users] = [new Map<string, Entry>(), new Map<string, Entry>(), new Map<string, Entry>()];
  let current: string | undefined;
  for (const file of files) {
    const path = resolve(file);
    const config = await parseFile(path);
    const directory = dirname(path);
    for (const [list, member, into] of [
      ['contexts', 'context', contexts],
      ['clusters', 'cluster', clusters],
      ['users', 'user', users],
    ] as const) {
      for (const entry of entriesOf(config[list])) {
        const name = text(entry.name);
        const fields = entry[member];
        if (name && !into.has(name)) into.set(name, { fields: isFields(fields) ? fields : {}, directory });
      }
    }
    current ??= text(config['current-context']);
  }
  return { source: `kubeconfig ${files.join(delimiter)}`, contexts, clusters, users, current };
}

function resolveContext(config: Merged, wanted: string | undefined): ClusterAccess {
  const { source } = config;
  const name = wanted ?? config.current;
  if (name === undefined) throw new KubeConfigError(`${source}: it has no current-context`);
  const context = config.contexts.get(name)?.fields;
  if (!context) throw new KubeConfigError(`${source}: there is no context ${quoted(name)}`);
  const clusterName = text(context.cluster) ?? '';
  const cluster = config.clusters.get(clusterName);
  if (!cluster) {
    throw new KubeConfigError(
      `${source}: context ${quoted(name)} names the cluster ${quoted(clusterName)}, which is not there`,
    );
  }
  const userName = text(context.user);
  const user = userName === undefined ? undefined : config.users.get(userName);
  if (userName !== undefined && !user) {
    throw new KubeConfigError(
      `${source}: context ${quoted(name)} names the user ${quoted(userName)}, which is not there`,
    );
  }
  const server = text(cluster.fields.server)?.replace(/\/+$/, '');
  if (!server || !/^https?:$/.test(URL.parse(server)?.protocol ?? '')) {
    throw new KubeConfigError(
      `${source}: the server of cluster ${quoted(clusterName)} is not a URL: ${quoted(server ?? '')}`,
    );
  }
  return {
    source,
    server,
    namespace: text(context.namespace),
    caData: text(cluster.fields['certificate-authority-data']),
    caFile: path(cluster, 'certificate-authority'),
    serverName: text(cluster.fields['tls-server-name']),
    insecure: cluster.fields['insecure-skip-tls-verify'] === true,
    proxyUrl: text(cluster.fields['proxy-url']),
    user: userAccess(user, source),
  };
}

function userAccess(user: Entry | undefined, source: string): UserAccess {
  if (!user) return { hasAuthProvider: false };
  const { fields } = user;
  return {
    certData: text(fields['client-certificate-data']),
    certFile: path(user, 'client-certificate'),
    keyData: text(fields['client-key-data']),
    keyFile: path(user, 'client-key'),
    token: text(fields.token),
    tokenFile: path(user, 'tokenFile'),
    username: text(fields.username),
    password: text(fields.password),
    impersonate: text(fields.as),
    exec: isFields(fields.exec) ? execConfig(fields.exec, user.directory, source) : undefined,
    hasAuthProvider: isFields(fields['auth-provider']),
  };
}

function execConfig(exec: Fields, directory: string, source: string): ExecConfig {
  const command = text(exec.command);
  if (!command) throw new KubeConfigError(`${source}: the user's exec plugin has no command`);
  const env = entriesOf(exec.env).map((entry) => [text(entry.name) ?? '', text(entry.value) ?? ''] as const);
  return {
    apiVersion: text(exec.apiVersion) ?? 'client.authentication.k8s.io/v1',
    // A bare name is looked for in PATH; anything with a slash starts at the file.
    command: command.includes('/') ? resolve(directory, command) : command,
    args: argsOf(exec.args, source),
    env: Object.fromEntries(env),
    installHint: text(exec.installHint),
    provideClusterInfo: exec.provideClusterInfo === true,
  };
}

function argsOf(args: unknown, source: string): readonly string[] {
  if (!Array.isArray(args)) return [];
  return args.map((argument: unknown) => {
    // YAML reads a plain 5 as a number.
    if (['string', 'number', 'boolean'].includes(typeof argument)) return String(argument);
    throw new KubeConfigError(`${source}: an argument of the user's exec plugin is no text`);
  });
}

async function parseFile(file: string): Promise<Fields> {
  const content = await read(file, { required: true });
  const parsed = parsedJson(content ?? '') ?? (await parsedYaml(content ?? '', file));
  if (!isFields(parsed)) throw new KubeConfigError(`kubeconfig ${file}: it is empty, or not a kubeconfig`);
  return parsed;
}

/** JSON is YAML; only who has a YAML file pays for the parser, and it says what is wrong with either. */
function parsedJson(content: string): unknown {
  if (!content.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** @throws KubeConfigError that tells the place only: the parser's own words quote the file, and so what is secret. */
async function parsedYaml(content: string, file: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  // Its warnings quote the file too.
  const document = parseDocument(content, { logLevel: 'silent', prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = content.slice(0, problem.pos[0]).split('\n').length;
    const why = problem.code.toLowerCase().replaceAll('_', ' ');
    throw new KubeConfigError(`kubeconfig ${file}: it is not valid YAML, line ${line}: ${why}`);
  }
  try {
    return document.toJS();
  } catch {
    throw new KubeConfigError(
      `kubeconfig ${file}: it is not valid YAML: an alias leads nowhere, or there are too many`,
    );
  }
}

/** A file's text; undefined when it is not there and not required. */
async function read(file: string, options: { readonly required?: boolean } = {}): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' && !options.required) return undefined;
    throw new KubeConfigError(`kubeconfig ${file}: ${describeFileError(code)}`, error);
  }
}

/** In words, for the codes that people meet. */
export function describeFileError(code: unknown): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it';
    case 'EISDIR':
      return 'it is a directory';
    default:
      return `it cannot be read (${code})`;
  }
}

function path(entry: Entry, member: string): string | undefined {
  const file = text(entry.fields[member]);
  return file === undefined || isAbsolute(file) ? file : resolve(entry.directory, file);
}

function entriesOf(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** On one line, whatever it holds. */
function quoted(name: string): string {
  return JSON.stringify(name);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
