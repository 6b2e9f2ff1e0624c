import { Command, InvalidArgumentError, Option } from 'commander';
import {
  address,
  collect,
  duration,
  factor,
  installationId,
  type ListenAddress,
  namespace,
  patterns,
  region,
  selector,
  truth,
  url,
  wholeFrom,
} from './flag-values.ts';

/** What `run` was told, by flags and environment; frozen. */
export interface Config {
  readonly kubeconfig: string | undefined;
  /** None: all. */
  readonly namespaces: readonly string[];
  readonly selector: string | undefined;
  readonly accountSelector: string | undefined;
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

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
const LOG_FORMATS = ['json', 'pretty'] as const;
type LogFormat = (typeof LOG_FORMATS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The `run` command with its flags; each also as `ECS_OPERATOR_<NAME>`, where a flag given goes first and an empty
 * variable counts as none. A bad value of either ends in commander's error, one line that names it.
 */
export function runCommand(action: (config: Config) => Promise<void>, env: Environment = process.env): Command {
  const command = new Command('run')
    .description('Run the controller: make ECS and Cloud Map follow the objects of a cluster')
    .addOption(flag('--kubeconfig <file>', "which cluster; else the pod's own, else KUBECONFIG, else ~/.kube/config"))
    .addOption(
      flag('--namespace <name>', 'only this namespace; may be repeated, in the environment separated by commas')
        .argParser(collect)
        .default([], 'all'),
    )
    .addOption(flag('--selector <labels>', 'only objects with these labels').argParser(selector))
    .addOption(
      flag(
        '--account-selector <labels>',
        'only AwsAccounts with these labels, where several installations share a cluster',
      ).argParser(selector),
    )
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
        .argParser(patterns)
        .default(['*'], '*'),
    )
    .addOption(flag('--read-only', 'change nothing in AWS, and show in status what would be done'))
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
    .addOption(flag('--leader-elect', 'work only while holding a Lease, so that several replicas are safe'))
    .addOption(
      flag('--leader-elect-namespace <name>', "the Lease's namespace; else the pod's own").argParser(namespace),
    )
    .addOption(flag('--log-level <level>', 'how much is logged').choices(LOG_LEVELS).default('info'))
    .addOption(flag('--log-format <format>', 'how it is logged').choices(LOG_FORMATS).default('json'))
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
  return command.allowExcessArguments(false).action(async () => {
    readEnvironment(command, env);
    await action(configOf(command, env));
  });
}

interface RunOptions {
  readonly kubeconfig?: string;
  readonly namespace: readonly string[];
  readonly selector?: string;
  readonly accountSelector?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly installationId?: string;
  readonly defaultAccountNamespaces: readonly string[];
  readonly readOnly?: boolean;
  readonly maxDeletesPerMinute: number;
  readonly workers: number;
  readonly resync: number;
  readonly metricsAddr: ListenAddress | 'none';
  readonly healthAddr: ListenAddress | 'none';
  readonly leaderElect?: boolean;
  readonly leaderElectNamespace?: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly conditionMetricsLimit: number;
  readonly awsRateScale: number;
}

function configOf(command: Command, env: Environment): Config {
  const options = command.opts<RunOptions>();
  return Object.freeze({
    kubeconfig: options.kubeconfig,
    namespaces: options.namespace,
    selector: options.selector,
    accountSelector: options.accountSelector,
    region: options.region ?? regionOf(command, env),
    endpointUrl: options.endpointUrl,
    installationId: options.installationId,
    defaultAccountNamespaces: options.defaultAccountNamespaces,
    readOnly: options.readOnly ?? false,
    maxDeletesPerMinute: options.maxDeletesPerMinute,
    workers: options.workers,
    resyncMs: options.resync,
    metricsAddress: options.metricsAddr === 'none' ? undefined : options.metricsAddr,
    healthAddress: options.healthAddr === 'none' ? undefined : options.healthAddr,
    leaderElect: options.leaderElect ?? false,
    leaderElectNamespace: options.leaderElectNamespace,
    logLevel: options.logLevel,
    logFormat: options.logFormat,
    conditionMetricsLimit: options.conditionMetricsLimit,
    awsRateScale: options.awsRateScale,
  });
}

/** As AWS's own tools find it. */
function regionOf(command: Command, env: Environment): string | undefined {
  const variable = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find((name) => env[name]);
  const text = variable === undefined ? undefined : env[variable];
  return variable === undefined || text === undefined ? undefined : parsed(command, { variable, text, parse: region });
}

/** Takes what no flag said from the environment. Commander's own way takes `READ_ONLY=false` for true. */
function readEnvironment(command: Command, env: Environment): void {
  for (const option of command.options) {
    const variable = envName(option.name());
    const text = env[variable];
    const key = option.attributeName();
    if (text === undefined || text === '' || command.getOptionValueSource(key) === 'cli') continue;
    const parse = (given: string): unknown =>
      option.required ? (option.parseArg?.(given, option.defaultValue) ?? given) : truth(given);
    command.setOptionValueWithSource(key, parsed(command, { variable, text, parse }), 'env');
  }
}

/** The value of a variable; a bad one ends in commander's error. */
function parsed<T>(
  command: Command,
  from: { readonly variable: string; readonly text: string; readonly parse: (text: string) => T },
): T {
  const { variable, text, parse } = from;
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return command.error(`error: environment variable ${variable}: value '${text}' is invalid. ${error.message}`);
  }
}

function flag(flags: string, description: string): Option {
  const option = new Option(flags, description);
  option.description = `${description} (env: ${envName(option.name())})`;
  return option;
}

function envName(name: string): string {
  return `ECS_OPERATOR_${name.toUpperCase().replaceAll('-', '_')}`;
}
