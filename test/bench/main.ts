// `npm run bench`: how fast and how large the operator is, on a real kube-apiserver and the fake AWS, each a process of its own.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/runtime/clock.ts';
import { report } from './report.ts';
import { runScenario } from './scenario.ts';
import { build, startStack } from './stack.ts';

const USAGE = `npm run bench -- [options]
  --services N    how many services, each with a task definition of its own (1000)
  --speed N       how many times faster than AWS the fake rolls out (60)
  --json FILE     where the results go (bench-results/<time>.json)
  --profile DIR   also write CPU profiles of the operator there
`;

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1000' },
    speed: { type: 'string', default: '60' },
    json: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(USAGE);
else await bench();

async function bench(): Promise<void> {
  const services = wholeNumber('--services', values.services);
  const speed = wholeNumber('--speed', values.speed);
  const clock = systemClock();
  const say = (line: string) => console.log(line);
  await build();
  const profiling = values.profile === undefined ? {} : { profileTo: resolve(values.profile) };
  await using stack = await startStack({ clock, speed, ...profiling });
  const results = await runScenario({ stack, clock, services, speed, say });
  say(report(results));
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const time = new Date(clock.now()).toISOString();
  const file = resolve(values.json ?? join(root, 'bench-results', `${time.replaceAll(':', '-')}.json`));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ time, ...results }, undefined, 2)}\n`);
  say(`results: ${file}`);
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value > 0) return value;
  process.stderr.write(`${flag} must be a whole number from 1 to 999999, not ${text}\n${USAGE}`);
  process.exit(2);
}
