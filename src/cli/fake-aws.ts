import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../runtime/clock.ts';
import { CommandError } from './command-error.ts';

interface FakeAwsFlags {
  readonly port: number;
  readonly host: string;
  readonly speed: number;
  readonly throttle: boolean;
  readonly seed: number;
  readonly logLevel: string;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The command `fake-aws`: the fake over HTTP, until SIGTERM or SIGINT. */
export function fakeAwsCommand(): Command {
  return new Command('fake-aws')
    .description('Run a fake of AWS (ECS, Cloud Map, STS) on this machine; GET /_fake/ tells how to look into it')
    .option('--port <number>', 'port to listen on; 0 takes a free one', port, 4566)
    .option('--host <address>', 'address to listen on', host, '127.0.0.1')
    .option('--speed <factor>', 'how many times faster than AWS rollouts run', speed, 1)
    .option('--no-throttle', "do not hold callers to AWS's request rates")
    .option('--seed <number>', 'the same seed gives the same ids', seed, 1)
    .addOption(new Option('--log-level <level>', 'debug tells of every call').choices(LOG_LEVELS).default('info'))
    .allowExcessArguments(false)
    .action(run);
}

async function run(flags: FakeAwsFlags): Promise<void> {
  // Loaded when they are needed, so that --help and a mistake do not cost it.
  const [{ startFakeAws }, { destination, pino }] = await Promise.all([
    import('../fake-aws/server.ts'),
    import('pino'),
  ]);
  const log = pino({ level: flags.logLevel }, destination({ dest: 2, sync: true }));
  const { port, host, speed, throttle, seed } = flags;
  const server = await startFakeAws({
    clock: systemClock(),
    port,
    host,
    speed,
    throttle,
    seed,
    onCall: ({ service, operation, region, accountId, code }) =>
      log.debug({ service, operation, region, accountId, code }, 'call'),
    onError: (error) => log.error(error, 'the fake itself failed'),
  }).catch((error: unknown) => cannotListen(error, `${host}:${port}`));
  const rates = throttle ? "AWS's request rates are held" : 'no request rates are held';
  console.log(`fake AWS at ${server.url} (speed ${speed}, ${rates}); ${server.url}/_fake/ tells how to look into it`);
  await signalled();
  await server.stop();
}

/** Why the fake cannot listen, in one line. */
function cannotListen(error: unknown, where: string): never {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      throw new CommandError(`${where} is taken by another process; choose another --port (0 takes a free one)`);
    case 'EACCES':
      throw new CommandError(`listening on ${where} is not permitted; choose a --port above 1023`);
    case 'ENOTFOUND':
    case 'EADDRNOTAVAIL':
    case 'EAI_AGAIN':
      throw new CommandError(`${where} is not an address of this machine; choose another --host`, 2);
    default:
      throw error;
  }
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once, as by default. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = () => {
      process.off('SIGTERM', onSignal);
      process.off('SIGINT', onSignal);
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

function port(text: string): number {
  return wholeNumber(text, 65_535);
}

function seed(text: string): number {
  return wholeNumber(text, 4_294_967_295);
}

function wholeNumber(text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) throw new InvalidArgumentError(`It must be a whole number from 0 to ${max}.`);
  return value;
}

function host(text: string): string {
  if (!/^[\w.:-]+$/.test(text)) throw new InvalidArgumentError('It must be an IP address or a host name.');
  return text;
}

function speed(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}
