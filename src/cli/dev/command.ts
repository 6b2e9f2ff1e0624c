import { Command, InvalidArgumentError, Option } from 'commander';
import { LOG_LEVELS, type LogLevel } from '../../config.ts';
import { duration } from '../../flag-values.ts';

/** What `dev` was told. */
export interface DevOptions {
  readonly apply: readonly string[];
  readonly once?: boolean;
  readonly speed: number;
  /** Milliseconds. */
  readonly limit: number;
  readonly logLevel: LogLevel;
}

/** `dev`: a control plane, the fake AWS, the CRDs and the operator in one process, for trying things out. */
export function devCommand(): Command {
  const command = new Command('dev')
    .description('Run a Kubernetes control plane, a fake AWS and the operator together, on this machine')
    .addOption(new Option('--apply <file...>', 'manifests to apply: files, or folders of them').default([], 'none'))
    .addOption(new Option('--once', 'end when everything that was applied is Ready (0), or is not in time (1)'))
    .addOption(
      new Option('--speed <factor>', 'how many times faster than AWS the fake rolls out')
        .argParser(positive)
        .default(20),
    )
    .addOption(
      new Option('--limit <duration>', 'how long everything may take to be Ready')
        .argParser(duration)
        .default(300_000, '5m'),
    )
    .addOption(
      new Option('--log-level <level>', "how much of the operator's log is shown").choices(LOG_LEVELS).default('error'),
    );
  return command.action(async () => {
    const { dev } = await import('./dev.ts');
    process.exitCode = await dev(command.opts<DevOptions>());
  });
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('A number above 0 is needed, e.g. 20.');
  return value;
}
