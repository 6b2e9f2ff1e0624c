import { record } from './record.ts';
import { parseReplayLine } from './replay-line.ts';
import { run } from './run.ts';

/** Repeats one run and prints its trace. @returns whether nothing was wrong with it. */
export async function printReplay(line: string, { brief }: { readonly brief: boolean }): Promise<boolean> {
  const { scenario, faults, seed } = parseReplayLine(line);
  const recording = faults.length === 0 ? {} : { recording: await record(scenario, seed) };
  const { trace, violations, digest, virtualMs } = await run({
    scenario,
    faults,
    seed,
    detailed: !brief,
    ...recording,
  });
  const seconds = Math.round(virtualMs / 1000);
  process.stdout.write(`${trace.join('\n')}\n\n${line}: ${seconds} virtual seconds, trace ${digest}\n`);
  process.stdout.write(violations.length === 0 ? 'nothing is wrong\n' : `${violations.join('\n')}\n`);
  return violations.length === 0;
}
