import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { type Config, runCommand } from './config.ts';

interface Outcome {
  readonly config: Config | undefined;
  readonly exitCode: number;
  readonly printed: string;
}

/** Runs `run` with a command line and an environment, up to its configuration. */
async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  let config: Config | undefined;
  let printed = '';
  const write = (text: string): void => {
    printed += text;
  };
  const command = runCommand(async (read) => {
    config = read;
  }, env);
  command.exitOverride().configureOutput({ writeErr: write, writeOut: write });
  try {
    await command.parseAsync(argv, { from: 'user' });
    return { config, exitCode: 0, printed };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { config, exitCode: error.exitCode, printed };
  }
}

const REFUSED: readonly (readonly [argv: readonly string[], words: string])[] = [
  [['--resync', 'soon'], 'A duration is needed'],
  [['--resync', '5'], 'A duration is needed'],
  [['--resync', '-5m'], 'A duration is needed'],
  [['--resync', '9999h'], 'At most 576h'],
  [['--metrics-addr', '8080'], 'An address is needed'],
  [['--metrics-addr', ':99999'], 'An address is needed'],
  [['--health-addr', 'http://x:1'], 'An address is needed'],
  [['--workers', '0'], 'A whole number of at least 1'],
  [['--workers', '1.5'], 'A whole number'],
  [['--workers', 'many'], 'A whole number'],
  [['--max-deletes-per-minute', '-1'], 'A whole number of at least 0'],
  [['--region', 'Frankfurt'], 'looks like eu-central-1'],
  [['--endpoint-url', 'localhost:4566'], 'A URL is needed'],
  [['--installation-id', 'a b'], 'are allowed'],
  [['--namespace', 'Not_A_Name'], '"Not_A_Name" is not the name of a namespace'],
  [['--selector', 'a=b=c'], 'is no label selector'],
  [['--selector', 'a=b,'], 'is no label selector'],
  [['--account-selector', 'a b'], 'is no label selector'],
  [['--default-account-namespaces', 'A'], 'fits no namespace'],
  [['--log-level', 'loud'], 'Allowed choices are trace, debug, info, warn, error'],
  [['--log-format', 'xml'], 'Allowed choices are json, pretty'],
  [['--aws-rate-scale', '-1'], 'A number is needed'],
  [['--aws-rate-scale', 'Infinity'], 'A number is needed'],
  [['--leader-elect-namespace', 'Ops'], '"Ops" is not the name of a namespace'],
  [['--condition-metrics-limit', '-1'], 'A whole number of at least 0'],
  [['--kubeconfig'], 'argument missing'],
  [['--read-onyl'], "unknown option '--read-onyl'"],
  [['--region'], 'argument missing'],
  [['extra'], 'too many arguments'],
];

const configOf = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  (await run(argv, env)).config;

describe('the configuration of run', () => {
  it('has the documented defaults', async () => {
    expect(await configOf([])).toEqual({
      kubeconfig: undefined,
      namespaces: [],
      selector: undefined,
      accountSelector: undefined,
      region: undefined,
      endpointUrl: undefined,
      installationId: undefined,
      defaultAccountNamespaces: ['*'],
      readOnly: false,
      maxDeletesPerMinute: 60,
      workers: 50,
      resyncMs: 300_000,
      metricsAddress: { host: '', port: 8080 },
      healthAddress: { host: '', port: 8081 },
      leaderElect: false,
      leaderElectNamespace: undefined,
      logLevel: 'info',
      logFormat: 'json',
      conditionMetricsLimit: 5000,
      awsRateScale: 1,
    });
  });

  it('is frozen', async () => {
    expect(Object.isFrozen(await configOf([]))).toBe(true);
  });

  it.each<[readonly string[], Readonly<Record<string, string>>, Partial<Config>, string]>([
    [['--kubeconfig', '/k'], { ECS_OPERATOR_KUBECONFIG: '/k' }, { kubeconfig: '/k' }, ''],
    [['--namespace', 'a', '--namespace', 'b'], { ECS_OPERATOR_NAMESPACE: 'a,b' }, { namespaces: ['a', 'b'] }, ''],
    [
      ['--account-selector', 'team=web'],
      { ECS_OPERATOR_ACCOUNT_SELECTOR: 'team=web' },
      { accountSelector: 'team=web' },
      '',
    ],
    [
      ['--selector', 'team=web,tier in (a,b),!x'],
      { ECS_OPERATOR_SELECTOR: 'team=web,tier in (a,b),!x' },
      { selector: 'team=web,tier in (a,b),!x' },
      '',
    ],
    [['--region', 'eu-central-1'], { ECS_OPERATOR_REGION: 'eu-central-1' }, { region: 'eu-central-1' }, ''],
    [['--region', 'us-gov-west-1'], { AWS_REGION: 'us-gov-west-1' }, { region: 'us-gov-west-1' }, 'AWS’s own variable'],
    [['--region', 'us-east-1'], { AWS_DEFAULT_REGION: 'us-east-1' }, { region: 'us-east-1' }, 'and the CLI’s'],
    [
      ['--endpoint-url', 'http://localhost:4566'],
      { ECS_OPERATOR_ENDPOINT_URL: 'http://localhost:4566' },
      { endpointUrl: 'http://localhost:4566' },
      '',
    ],
    [['--installation-id', 'prod/eu'], { ECS_OPERATOR_INSTALLATION_ID: 'prod/eu' }, { installationId: 'prod/eu' }, ''],
    [
      ['--default-account-namespaces', 'team-*, shop'],
      { ECS_OPERATOR_DEFAULT_ACCOUNT_NAMESPACES: 'team-*,shop' },
      { defaultAccountNamespaces: ['team-*', 'shop'] },
      '',
    ],
    [['--read-only'], { ECS_OPERATOR_READ_ONLY: 'true' }, { readOnly: true }, ''],
    [['--max-deletes-per-minute', '0'], { ECS_OPERATOR_MAX_DELETES_PER_MINUTE: '0' }, { maxDeletesPerMinute: 0 }, ''],
    [['--workers', '8'], { ECS_OPERATOR_WORKERS: '8' }, { workers: 8 }, ''],
    [['--resync', '1h30m'], { ECS_OPERATOR_RESYNC: '90m' }, { resyncMs: 5_400_000 }, ''],
    [['--resync', '0'], { ECS_OPERATOR_RESYNC: '0' }, { resyncMs: 0 }, 'never'],
    [['--resync', '500ms'], { ECS_OPERATOR_RESYNC: '0.5s' }, { resyncMs: 500 }, ''],
    [
      ['--metrics-addr', '127.0.0.1:9090'],
      { ECS_OPERATOR_METRICS_ADDR: '127.0.0.1:9090' },
      { metricsAddress: { host: '127.0.0.1', port: 9090 } },
      '',
    ],
    [['--metrics-addr', '0'], { ECS_OPERATOR_METRICS_ADDR: '0' }, { metricsAddress: undefined }, 'not served'],
    [
      ['--health-addr', '[::1]:0'],
      { ECS_OPERATOR_HEALTH_ADDR: '[::1]:0' },
      { healthAddress: { host: '::1', port: 0 } },
      '',
    ],
    [['--leader-elect'], { ECS_OPERATOR_LEADER_ELECT: '1' }, { leaderElect: true }, ''],
    [
      ['--leader-elect-namespace', 'ops'],
      { ECS_OPERATOR_LEADER_ELECT_NAMESPACE: 'ops' },
      { leaderElectNamespace: 'ops' },
      '',
    ],
    [['--log-level', 'debug'], { ECS_OPERATOR_LOG_LEVEL: 'debug' }, { logLevel: 'debug' }, ''],
    [['--log-format', 'pretty'], { ECS_OPERATOR_LOG_FORMAT: 'pretty' }, { logFormat: 'pretty' }, ''],
    [
      ['--condition-metrics-limit', '10'],
      { ECS_OPERATOR_CONDITION_METRICS_LIMIT: '10' },
      { conditionMetricsLimit: 10 },
      '',
    ],
    [['--aws-rate-scale', '2.5'], { ECS_OPERATOR_AWS_RATE_SCALE: '2.5' }, { awsRateScale: 2.5 }, ''],
  ])('reads %j, or %j, as %j %s', async (argv, env, expected) => {
    expect(await configOf(argv)).toMatchObject(expected);
    expect(await configOf([], env)).toMatchObject(expected);
  });

  it('lets a flag go before the environment, and our variable before AWS’s', async () => {
    const env = { ECS_OPERATOR_REGION: 'eu-west-1', AWS_REGION: 'us-east-1', ECS_OPERATOR_NAMESPACE: 'a' };
    expect(await configOf(['--region', 'eu-north-1', '--namespace', 'b'], env)).toMatchObject({
      region: 'eu-north-1',
      namespaces: ['b'],
    });
    expect(await configOf([], env)).toMatchObject({ region: 'eu-west-1' });
  });

  it('takes an empty variable for none, as charts write it', async () => {
    const env = { ECS_OPERATOR_REGION: '', ECS_OPERATOR_RESYNC: '', ECS_OPERATOR_READ_ONLY: '', AWS_REGION: '' };
    expect(await configOf([], env)).toEqual(await configOf([]));
  });

  it.each(['false', '0', 'no', 'FALSE'])('takes READ_ONLY=%s for what it says', async (text) => {
    expect(await configOf([], { ECS_OPERATOR_READ_ONLY: text })).toMatchObject({ readOnly: false });
  });

  it.each(REFUSED)('refuses %j in words that say what is wrong: %s', async (argv, words) => {
    const { config, exitCode, printed } = await run(argv);
    expect(config).toBeUndefined();
    expect(exitCode).not.toBe(0);
    expect(printed).toContain(words);
    expect(printed.trim().split('\n').length, 'a line, and at most a suggestion').toBeLessThanOrEqual(2);
  });

  it('refuses a bad value of every flag that takes one', () => {
    const flags = runCommand(async () => {}, {}).options.filter((option) => option.required);
    const tried = REFUSED.map(([[flag]]) => flag);
    expect(flags.map(({ long }) => long).filter((long) => !tried.includes(long ?? ''))).toEqual([]);
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ ECS_OPERATOR_RESYNC: 'soon' }, "environment variable ECS_OPERATOR_RESYNC: value 'soon' is invalid. A duration"],
    [{ ECS_OPERATOR_READ_ONLY: 'maybe' }, 'ECS_OPERATOR_READ_ONLY'],
    [{ ECS_OPERATOR_LOG_LEVEL: 'loud' }, 'ECS_OPERATOR_LOG_LEVEL'],
    [{ AWS_REGION: 'Frankfurt' }, "environment variable AWS_REGION: value 'Frankfurt' is invalid. An AWS region looks"],
    [{ AWS_DEFAULT_REGION: 'Frankfurt' }, 'AWS_DEFAULT_REGION'],
  ])('refuses %j and names the variable', async (env, words) => {
    const { config, exitCode, printed } = await run([], env);
    expect(config).toBeUndefined();
    expect(exitCode).not.toBe(0);
    expect(printed).toContain(words);
  });

  it('says with --help which variable stands for which flag', async () => {
    const { exitCode, printed } = await run(['--help']);
    expect(exitCode).toBe(0);
    expect(printed.replace(/\s+/g, ' ')).toContain('(env: ECS_OPERATOR_MAX_DELETES_PER_MINUTE)');
  });
});
