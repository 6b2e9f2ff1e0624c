import { describe, expect, test } from 'vitest';
import { AwsCallError } from '../aws/errors.ts';
import type { Condition } from '../runtime/conditions.ts';
import { condition } from './sample-objects.ts';
import type { Standing } from './standing.ts';
import { type SummaryInput, summarise } from './summary.ts';

const problem = { reason: 'Because', message: 'of this' };
const error = new AwsCallError('away', {
  kind: 'Transient',
  code: 'X',
  operation: 'ecs.DescribeClusters',
  effect: 'none',
});
const reading: Standing = { type: 'failed', problem, error, reading: true };
const writing: Standing = { ...reading, reading: false };
const READY_BEFORE: Condition[] = [condition('Ready'), condition('Synced'), condition('Available')];

const rolledOut = (status: 'True' | 'False') =>
  ({ type: 'RolledOut', status, reason: status === 'True' ? 'Completed' : 'RollingOut', message: '' }) as const;
const available = (status: 'True' | 'False') =>
  ({ type: 'Available', status, reason: status === 'True' ? 'Enough' : 'TooFew', message: '' }) as const;

/** Conditions as `type=status:reason`. */
function summed(input: Partial<SummaryInput> & Pick<SummaryInput, 'standing'>): string[] {
  const all = summarise({
    report: { conditions: [] },
    drift: [],
    previous: undefined,
    generation: 1,
    failures: 0,
    ownTypes: [],
    ...input,
  });
  return all.map(({ type, status, reason }) => `${type}=${status}:${reason}`);
}

describe('Ready is Synced and each of the kind’s own', () => {
  test.each<{ why: string; input: Partial<SummaryInput> & Pick<SummaryInput, 'standing'>; conditions: string[] }>([
    {
      why: 'all is as asked',
      input: { standing: { type: 'inSync' } },
      conditions: ['Ready=True:Ready', 'Synced=True:InSync'],
    },
    {
      why: 'AWS holds it, and rolls it out',
      input: {
        standing: { type: 'inSync' },
        report: { conditions: [rolledOut('False'), available('True')], progress: { ...problem, pollMs: 1 } },
      },
      conditions: [
        'Ready=False:RollingOut',
        'Synced=True:InSync',
        'RolledOut=False:RollingOut',
        'Available=True:Enough',
        'Reconciling=True:Because',
      ],
    },
    {
      why: 'an autoscaling step is calm: Ready stays, nothing is said to be going on',
      input: {
        standing: { type: 'inSync' },
        report: { conditions: [rolledOut('True'), available('True')], progress: { ...problem, pollMs: 1 } },
      },
      conditions: ['Ready=True:Ready', 'Synced=True:InSync', 'RolledOut=True:Completed', 'Available=True:Enough'],
    },
    {
      why: 'the rollout cannot succeed: Stalled, and not Reconciling beside it',
      input: {
        standing: { type: 'inSync' },
        report: { conditions: [rolledOut('False')], progress: { ...problem, pollMs: 1 }, stalled: problem },
      },
      conditions: ['Ready=False:Because', 'Synced=True:InSync', 'RolledOut=False:RollingOut', 'Stalled=True:Because'],
    },
    {
      why: 'a change is under way',
      input: { standing: { type: 'progressing', problem, pollMs: 1 } },
      conditions: ['Ready=False:Because', 'Synced=False:Because', 'Reconciling=True:Because'],
    },
    {
      why: 'something else has to come first',
      input: { standing: { type: 'waiting', problem } },
      conditions: ['Ready=False:Because', 'Synced=False:Because', 'Reconciling=True:Because'],
    },
    {
      why: 'held by a person: nothing goes on',
      input: { standing: { type: 'held', problem } },
      conditions: ['Ready=False:Because', 'Synced=False:Because'],
    },
    {
      why: 'only a person can put it right',
      input: { standing: { type: 'stalled', problem } },
      conditions: ['Ready=False:Because', 'Synced=False:Because', 'Stalled=True:Because'],
    },
    {
      why: 'drift that is left by policy is shown',
      input: { standing: { type: 'driftReported', problem }, drift: [{ path: 'a', declared: '1', live: '2' }] },
      conditions: ['Ready=False:Because', 'Synced=False:Because', 'Drifted=True:DriftReported'],
    },
    {
      why: 'a change that failed: AWS does not hold it',
      input: { standing: writing, failures: 1 },
      conditions: ['Ready=False:Because', 'Synced=False:Because', 'Reconciling=True:Because'],
    },
    {
      why: 'a first look that failed: nobody knows',
      input: { standing: reading, failures: 1 },
      conditions: ['Ready=Unknown:Because', 'Synced=Unknown:Because', 'Reconciling=True:Because'],
    },
  ])('$why', ({ input, conditions }) => {
    expect(summed(input)).toEqual(conditions);
  });
});

describe('a look that failed at what was Ready', () => {
  const kept = ['Ready=True:Ready', 'Synced=True:Synced', 'Available=True:Available'];

  test.each([
    { why: 'once tells nothing about AWS', failures: 1, generation: 1, same: true },
    { why: 'twice neither', failures: 2, generation: 1, same: true },
    { why: 'three times in a row is shown', failures: 3, generation: 1, same: false },
    { why: 'is shown at once when the spec has changed: that is not in AWS', failures: 1, generation: 2, same: false },
  ])('$why', ({ failures, generation, same }) => {
    const conditions = summed({ standing: reading, previous: { conditions: READY_BEFORE }, failures, generation });
    if (same) expect(conditions).toEqual(kept);
    else expect(conditions[0]).toBe('Ready=Unknown:Because');
  });

  test('is a change that failed when something was being changed', () => {
    const conditions = summed({ standing: writing, previous: { conditions: READY_BEFORE }, failures: 1 });
    expect(conditions[0]).toBe('Ready=False:Because');
  });
});

test('without a look at AWS the kind’s own conditions and the drift stay as they were, and others do not', () => {
  const previous = {
    conditions: [...READY_BEFORE, condition('RolledOut'), condition('Stalled'), condition('Drifted')],
  };
  const conditions = summed({
    standing: { type: 'waiting', problem },
    report: undefined,
    previous,
    ownTypes: ['RolledOut', 'Available'],
  });
  expect(conditions).toEqual([
    'Ready=False:Because',
    'Synced=False:Because',
    'Available=True:Available',
    'RolledOut=True:RolledOut',
    'Reconciling=True:Because',
    'Drifted=True:Drifted',
  ]);
});

test('Drifted names what differs, and cuts a long list short', () => {
  const drift = Array.from({ length: 7 }, (_, n) => ({ path: `p${n}`, declared: '1', live: '2' }));
  const [drifted] = summarise({
    standing: { type: 'driftReported', problem },
    report: { conditions: [] },
    drift,
    previous: undefined,
    generation: 1,
    failures: 0,
    ownTypes: [],
  }).filter(({ type }) => type === 'Drifted');
  expect(drifted?.message).toMatch(/p0 is 2, declared 1; .*p4 is 2, declared 1 and 2 more$/);
});
