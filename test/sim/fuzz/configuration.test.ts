import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { program, runProgram } from '../../../src/cli/program.ts';
import { type Config, runCommand } from '../../../src/config.ts';
import { effort, TEST_MS } from './effort.ts';

const FLAGS = runCommand(async () => {}, {}).options;
/** Values of any flag, right for some and wrong for most. */
const VALUES = [
  '',
  '0',
  '1',
  '-1',
  '1.5',
  '1e3',
  '0x10',
  '99999999999999999999',
  'NaN',
  'Infinity',
  'true',
  'no',
  '5m',
  '1h30m',
  '0.1ms',
  '577h',
  '-5m',
  ':8080',
  '[::1]:0',
  ':99999',
  'localhost',
  'shop',
  'a,b',
  'a,,b',
  'shop-*',
  'Shop',
  'team=web,tier in (a,b)',
  'a in (',
  'eu-central-1',
  'http://localhost:4566',
  'ftp://x',
  'debug',
  'pretty',
  '__proto__',
  'constructor',
  '--help',
  '-',
  '--',
  'x\ny',
  'x\r\ny',
  '\u001b[31mred',
  '\u2028',
  'ü',
  ' ',
  '\0',
];
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const flag = fc.constantFrom(...FLAGS.map(({ long }) => long ?? ''));
const argument = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(flag, value).map(([name, given]) => [name, given]) },
  { weight: 2, arbitrary: fc.tuple(flag, value).map(([name, given]) => [`${name}=${given}`]) },
  { weight: 1, arbitrary: flag.map((name) => [name]) },
  { weight: 1, arbitrary: value.map((given) => [given]) },
);
const variable = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...FLAGS.map(({ long }) => variableOf(long ?? ''))) },
    { weight: 1, arbitrary: fc.constantFrom('AWS_REGION', 'AWS_DEFAULT_REGION', 'ECS_OPERATOR_', 'ECS_OPERATOR_X') },
  ),
  // As the system has them: nothing stands behind a NUL.
  value.map((given) => given.replaceAll('\0', '')),
);

function variableOf(long: string): string {
  return `ECS_OPERATOR_${long.slice(2).toUpperCase().replaceAll('-', '_')}`;
}

/** Runs a command line as main.ts does, up to its settings. */
async function run(argv: readonly string[], env: Readonly<Record<string, string>>) {
  const settings: Config[] = [];
  let printed = '';
  const write = (text: string): void => {
    printed += text;
  };
  const command = runCommand(async (read) => void settings.push(read), env);
  const root = program('1.2.3', [command]);
  for (const each of [root, command]) each.configureOutput({ writeErr: write, writeOut: write });
  const before = process.stdout.listeners('error');
  const code = await runProgram(root, ['run', ...argv]);
  for (const listener of process.stdout.rawListeners('error')) {
    // Safe: listeners are functions of any arguments.
    if (!before.includes(listener)) process.stdout.off('error', listener as (...args: unknown[]) => void);
  }
  return { code, printed, settings };
}

it(
  'ends with 2 and one line that says what is wrong, or has settings that can be worked with',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(argument, { maxLength: 4 }),
        fc.array(variable, { maxLength: 3 }),
        async (all, vars) => {
          const argv = all.flat();
          const { code, printed, settings } = await run(argv, Object.fromEntries(vars));
          if (code === 0) {
            // Help is asked for, or it runs.
            if (settings.length === 0) expect(printed).toContain('Usage: ecs-operator');
            else expectUsable(settings[0]);
            return;
          }
          expect(code).toBe(2);
          expect(settings).toEqual([]);
          expect(printed).toMatch(/^error: [^\p{Cc}\u2028\u2029]+ \(see ecs-operator( run)? --help\)\n$/u);
          expect(printed).not.toMatch(/\bat .*:\d+:\d+|TypeError|undefined/);
        },
      ),
      effort(800),
    );
  },
  TEST_MS,
);

function expectUsable(settings: Config | undefined): void {
  if (settings === undefined) throw new Error('there are no settings');
  const { workers, maxDeletesPerMinute, resyncMs, awsRateScale, conditionMetricsLimit } = settings;
  expect(Number.isSafeInteger(workers) && workers >= 1).toBe(true);
  expect(Number.isSafeInteger(maxDeletesPerMinute) && maxDeletesPerMinute >= 0).toBe(true);
  expect(Number.isSafeInteger(conditionMetricsLimit) && conditionMetricsLimit >= 0).toBe(true);
  // What Node's timers take.
  expect(Number.isSafeInteger(resyncMs) && resyncMs >= 0 && resyncMs < 2 ** 31).toBe(true);
  expect(Number.isFinite(awsRateScale) && awsRateScale >= 0).toBe(true);
  for (const served of [settings.metricsAddress, settings.healthAddress]) {
    if (served === undefined) continue;
    expect(served.port >= 0 && served.port < 65_536 && !/[\s\p{Cc}]/u.test(served.host)).toBe(true);
  }
  for (const name of [...settings.namespaces, settings.leaderElectNamespace ?? 'x']) {
    expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  }
  expect(settings.region ?? 'eu-central-1').toMatch(/^[a-z]{2,}(-[a-z]+)+-\d+$/);
  if (settings.endpointUrl !== undefined) expect(new URL(settings.endpointUrl).protocol).toMatch(/^https?:$/);
}
