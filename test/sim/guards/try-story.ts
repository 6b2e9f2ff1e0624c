// Tells one story, without faults and then with one at each point, until something is noticed; prints what.
import { runEach } from '../driver/matrix.ts';
import { record } from '../driver/record.ts';
import { scenarioOf } from '../driver/replay-line.ts';

const SEED = 1;
const [name = '', fault] = process.argv.slice(2);
const recording = await record(scenarioOf(name), SEED).catch((error: unknown) => {
  console.log(error instanceof Error ? error.message : error);
  return undefined;
});
if (recording !== undefined && fault !== undefined) {
  for await (const { failure } of runEach(recording, fault)) {
    if (failure === undefined) continue;
    console.log(`${failure.replay}\n${failure.violations.join('\n')}`);
    if (failure.violations.some((violation) => violation.startsWith(`${process.env.SIM_UNTIL}: `))) break;
  }
}
