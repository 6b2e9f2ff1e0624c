import { Command, InvalidArgumentError, Option } from 'commander';

/** What `run` was told, by flags and environment; frozen. */
export interface Config {
  readonly kubeconfig: string | undefined;
  /** None: all. */
  readonly namespaces: readonly string[];
  readonly selector: string | undefined;
  readonly region: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly installationId: string | undefined;
  /** Patterns, `*` for any text. */
  readonly defaultAccountNamespaces: readonly string[];
  readonly readOnly: boolean;
  readonly maxDeletesPerMinute: number;
  /** Per kind. */
  readonly workers: number;
  readonly resyncMs: number;
  /** Undefined: not served. */
  readonly metricsAddress: ListenAddress | undefined;
  readonly healthAddress: ListenAddress | undefined;
  readonly leaderElect: boolean;
  readonly leaderElectNamespace: string | undefined;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** More objects than that: no `ecs_operator_resource_condition` series. */
  readonly conditionMetricsLimit: number;
  /** How many times AWS's documented rates the account is granted; 0 for no limit of ours. */
  readonly awsRateScale: number;
}

export interface ListenAddress {
  /** Empty: every address. */
  readonly host: string;
  readonly port: number;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** The `run` command with its flags; each also as `ECS_OPERATOR_<NAME>`, where a flag given goes first. */
export function runCommand(action: (config: Config) => Promise<void>): Command {
  const command = new Command('run')
    .description('Run the controller: make ECS and Cloud Map follow the objects of a cluster')
    .addOption(flag('--kubeconfig <file>', 'which cluster; else the pod’s own, else KUBECONFIG, else ~/.kube/config'))
    .addOption(
      flag('--namespace <name>', 'only this namespace; may be repeated, in the environment separated by commas')
        .argParser(collect)
        .default([], 'all'),
    )
    .addOption(flag('--selector <labels>', 'only objects with these labels'))
    .addOption(
      flag('--region <region>', 'AWS region of objects without an AwsAccount; else AWS_REGION').argParser(region),
    )
    .addOption(flag('--endpoint-url <url>', 'endpoint for all AWS services, e.g. of the fake').argParser(url))
    .addOption(
      flag(
        '--installation-id <id>',
        'who owns what is made in AWS; by default the UID of namespace kube-system',
      ).argParser(installationId),
    )
    .addOption(
      flag(
        '--default-account-namespaces <patterns>',
        "namespaces that may use the operator's own identity, separated by commas, * for any text",
      )
        .argParser((text) => text.split(',').map((part) => part.trim()))
        .default(['*'], '*'),
    )
    .addOption(flag('--read-only', 'change nothing in AWS, and show in status what would be done').default(false))
    .addOption(
      flag('--max-deletes-per-minute <n>', 'a brake on deletions in AWS; 0 stops them')
        .argParser(wholeFrom(0))
        .default(60),
    )
    .addOption(
      flag('--workers <n>', 'objects of a kind that are worked on at once').argParser(wholeFrom(1)).default(50),
    )
    .addOption(
      flag('--resync <duration>', 'how often everything is looked at, though nothing changed; 0 for never')
        .argParser(duration)
        .default(300_000, '5m'),
    )
    .addOption(
      flag('--metrics-addr <address>', '/metrics; 0 for none')
        .argParser(address)
        .default({ host: '', port: 8080 }, ':8080'),
    )
    .addOption(
      flag('--health-addr <address>', '/healthz and /readyz; 0 for none')
        .argParser(address)
        .default({ host: '', port: 8081 }, ':8081'),
    )
    .addOption(
      flag('--leader-elect', 'work only while holding a Lease, so that several replicas are safe').default(false),
    )
    .addOption(flag('--leader-elect-namespace <name>', "the Lease's namespace; else the pod's own"))
    .addOption(
      new Option('--log-level <level>', 'how much is logged')
        .env(envName('log-level'))
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .addOption(
      new Option('--log-format <format>', 'how it is logged')
        .env(envName('log-format'))
        .choices(LOG_FORMATS)
        .default('json'),
    )
    .addOption(
      flag(
        '--condition-metrics-limit <n>',
        'no ecs_operator_resource_condition series above this many objects; 0 for none',
      )
        .argParser(wholeFrom(0))
        .default(5000),
    )
    .addOption(
      flag('--aws-rate-scale <factor>', "how many times AWS's documented API rates are used; 0 for no limit")
        .argParser(factor)
        .default(1),
    );
  return command.action(async () => action(configOf(command, process.env)));
}

interface RunOptions {
  readonly kubeconfig?: string;
  readonly namespace: readonly string[];
  readonly selector?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly installationId?: string;
  readonly defaultAccountNamespaces: readonly string[];
  readonly readOnly: boolean;
  readonly maxDeletesPerMinute: number;
  readonly workers: number;
  readonly resync: number;
  readonly metricsAddr: ListenAddress | undefined;
  readonly healthAddr: ListenAddress | undefined;
  readonly leaderElect: boolean;
  readonly leaderElectNamespace?: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly conditionMetricsLimit: number;
  readonly awsRateScale: number;
}

function configOf(command: Command, env: NodeJS.ProcessEnv): Config {
  const options = command.opts<RunOptions>();
  return Object.freeze({
    kubeconfig: options.kubeconfig,
    namespaces: options.namespace,
    selector: options.selector,
    region: options.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION,
    endpointUrl: options.endpointUrl,
    installationId: options.installationId,
    defaultAccountNamespaces: options.defaultAccountNamespaces,
    readOnly: options.readOnly,
    maxDeletesPerMinute: options.maxDeletesPerMinute,
    workers: options.workers,
    resyncMs: options.resync,
    metricsAddress: options.metricsAddr,
    healthAddress: options.healthAddr,
    leaderElect: options.leaderElect,
    leaderElectNamespace: options.leaderElectNamespace,
    logLevel: options.logLevel,
    logFormat: options.logFormat,
    conditionMetricsLimit: options.conditionMetricsLimit,
    awsRateScale: options.awsRateScale,
  });
}

function flag(flags: string, description: string): Option {
  const name = /--([\w-]+)/.exec(flags)?.[1] ?? '';
  return new Option(flags, description).env(envName(name));
}

function envName(name: string): string {
  return `ECS_OPERATOR_${name.toUpperCase().replaceAll('-', '_')}`;
}

function collect(text: string, before: readonly string[]): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  const bad = names.find((name) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name));
  if (bad !== undefined) throw new InvalidArgumentError(`"${bad}" is not the name of a namespace.`);
  return [...before, ...names];
}

function region(text: string): string {
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) {
    throw new InvalidArgumentError('An AWS region looks like eu-central-1.');
  }
  return text;
}

function url(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('A URL is needed, e.g. http://localhost:4566.');
  }
  return text;
}

function installationId(text: string): string {
  // It becomes a tag's value.
  if (!/^[\w.:/=+@-]{1,128}$/.test(text)) {
    throw new InvalidArgumentError('At most 128 letters, digits and _.:/=+@- are allowed.');
  }
  return text;
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`A whole number of at least ${least} is needed.`);
    }
    return value;
  };
}

function factor(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('A number is needed, e.g. 1 or 0.5; 0 for no limit.');
  }
  return value;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration as Go writes it: `30s`, `5m`, `1h30m`, `500ms`, `0`. @returns milliseconds @throws InvalidArgumentError */
export function duration(text: string): number {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    throw new InvalidArgumentError('A duration is needed, e.g. 30s, 5m or 1h30m.');
  }
  let ms = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    ms += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return Math.round(ms);
}

/** `:8080`, `127.0.0.1:8080`, `[::1]:8080`; `0` or nothing for none. @throws InvalidArgumentError */
export function address(text: string): ListenAddress | undefined {
  if (text === '0' || text === '') return undefined;
  const [, bracketed, plain = '', port = ''] = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  if (port === '' || number > 65_535) {
    throw new InvalidArgumentError('An address is needed, e.g. :8080 or 127.0.0.1:8080; 0 for none.');
  }
  return { host: bracketed ?? plain, port: number };
}
