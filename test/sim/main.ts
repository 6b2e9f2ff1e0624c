import { parseArgs } from 'node:util';
import { exploreChanges } from './changes/explore-changes.ts';
import { explore } from './driver/explore.ts';
import { printMatrix } from './driver/print-matrix.ts';
import { printReplay } from './driver/print-replay.ts';

const HELP = `usage: npm run sim -- <what>
  --replay <scenario>:<fault>:<index>:<seed>   that run again, with its trace; --brief without bodies
  --matrix [--scenario S]… [--fault F]… [--seed N] [--part i/n]   every fault at every point
  --minutes N [--seed S]                       pairs and sequences of faults, on and on
  --changes [--minutes N] [--seed S]           random changes of specs, with faults
`;

const { values } = parseArgs({
  options: {
    replay: { type: 'string' },
    brief: { type: 'boolean', default: false },
    changes: { type: 'boolean', default: false },
    matrix: { type: 'boolean', default: false },
    scenario: { type: 'string', multiple: true },
    fault: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    part: { type: 'string', default: '1/1' },
    minutes: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

// Whoever looks at the beginning of a trace only is no failure.
process.stdout.on('error', () => process.exit(0));

const seed = Number(values.seed);
const [part = 1, of = 1] = values.part.split('/').map(Number);
let isClean = true;
if (values.replay !== undefined) isClean = await printReplay(values.replay, { brief: values.brief });
else if (values.matrix) {
  isClean = await printMatrix({ scenarios: values.scenario, faults: values.fault, seed, part: part - 1, of });
} else if (values.changes) isClean = await exploreChanges({ minutes: Number(values.minutes ?? 1), seed });
else if (values.minutes !== undefined) isClean = await explore({ minutes: Number(values.minutes), seed });
else process.stdout.write(HELP);
process.exitCode = isClean ? 0 : 1;
