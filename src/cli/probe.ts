import { Command, InvalidArgumentError, Option } from 'commander';
import { duration } from '../flag-values.ts';
import { sleep, systemClock } from '../runtime/clock.ts';
import { CommandError } from './command-error.ts';

const RETRY_MS = 1000;
const ANSWER_MS = 5000;

/** The command `probe`: a request from inside a cluster, for images without a shell. `helm test` runs it. */
export function probeCommand(): Command {
  return new Command('probe')
    .description('Ask URLs until each answers with 200')
    .argument('<url...>', 'e.g. http://ecs-operator.ecs-operator.svc:8081/readyz', urls)
    .addOption(new Option('--limit <duration>', 'how long to ask').argParser(duration).default(60_000, '1m'))
    .action(async (given: readonly string[], { limit }: { readonly limit: number }) => {
      const until = systemClock().now() + limit;
      for (const url of given) console.log(`${url}: ${await answerOf(url, until)}`);
    });
}

/** The answer's first line. @throws CommandError when there was no good one in time. */
async function answerOf(url: string, until: number): Promise<string> {
  const clock = systemClock();
  for (;;) {
    const { ok, says } = await ask(url);
    if (ok) return says.split('\n')[0] ?? '';
    if (clock.now() + RETRY_MS > until) throw new CommandError(`${url}: ${says}`);
    await sleep(clock, RETRY_MS);
  }
}

async function ask(url: string): Promise<{ readonly ok: boolean; readonly says: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    const body = (await response.text()).trim();
    return response.ok ? { ok: true, says: body } : { ok: false, says: `${response.status} ${body}` };
  } catch (error) {
    // What fetch throws says nothing; what caused it does.
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { ok: false, says: reason instanceof Error ? reason.message : String(reason) };
  }
}

function urls(text: string, before: readonly string[] = []): readonly string[] {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('A URL is needed, e.g. http://localhost:8081/readyz.');
  }
  return [...before, text];
}
