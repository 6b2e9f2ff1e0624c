import type { JsonObject } from '../../shape/shape.ts';
import { celText } from '../schema/cel.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { asText, items } from '../schema/values.ts';

interface Size {
  /** CPU units; 1024 are one vCPU. */
  readonly cpu: number;
  /** MiB: from, to and in steps of. */
  readonly memory: readonly [from: number, to: number, step: number];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html, "Task CPU and memory". */
const SIZES: readonly Size[] = [
  { cpu: 256, memory: [512, 1024, 512] },
  { cpu: 256, memory: [2048, 2048, 1] },
  { cpu: 512, memory: [1024, 4096, 1024] },
  { cpu: 1024, memory: [2048, 8192, 1024] },
  { cpu: 2048, memory: [4096, 16_384, 1024] },
  { cpu: 4096, memory: [8192, 30_720, 1024] },
  { cpu: 8192, memory: [16_384, 61_440, 4096] },
  { cpu: 16_384, memory: [32_768, 122_880, 8192] },
];
/** AWS has added larger sizes before: what is above the largest known one is left to AWS. */
const LARGEST_CPU = 16_384;
/** Sizes with a unit ("1 vCPU", "2 GB") are left to AWS. */
const PLAIN = /^[0-9]{1,9}$/;

function celSize({ cpu, memory: [from, to, step] }: Size): string {
  if (from === to) return `(c == ${cpu} && m == ${from})`;
  return `(c == ${cpu} && m >= ${from} && m <= ${to} && m % ${step} == 0)`;
}

function fits(cpu: number, amount: number): boolean {
  return SIZES.some(
    ({ cpu: known, memory: [from, to, step] }) =>
      known === cpu && amount >= from && amount <= to && (from === to || amount % step === 0),
  );
}

/** Fargate runs fixed pairs of cpu and memory only, and wants both ("No Fargate configuration exists for given values"). */
export function fargateSizeRule(at: string): Rule {
  // CEL has no variables, and reading a member is dear: lists of one stand in for them.
  const bound = (value: (member: string) => string, holds: string) =>
    `[${value('cpu')}].all(cpu, [${value('memory')}].all(memory, cpu != '' && memory != '' && ${holds}))`;
  // Decides nearly always. An error (a size with a unit) gives way to what is true on the other side of `||`.
  const exists = bound(
    celText,
    `[int(cpu)].all(c, c > ${LARGEST_CPU} || [int(memory)].all(m, ${SIZES.map(celSize).join(' || ')}))`,
  );
  const plain = (text: string) => `${text}.matches('${PLAIN.source}')`;
  const leftToAws = bound((member) => `string(self.${member})`, `(!${plain('cpu')} || !${plain('memory')})`);
  return {
    id: 'fargate-size-exists',
    at,
    cel: `${exists} || !has(self.requiresCompatibilities) || !self.requiresCompatibilities.exists(r, r == 'FARGATE') || (has(self.cpu) && has(self.memory) && ${leftToAws})`,
    message:
      'Fargate needs cpu and memory for the task, in one of these pairs: 256 with 512, 1024 or 2048; 512 with 1024 to 4096, 1024 with 2048 to 8192, 2048 with 4096 to 16384, 4096 with 8192 to 30720, each in steps of 1024; 8192 with 16384 to 61440 in steps of 4096; 16384 with 32768 to 122880 in steps of 8192',
    holds: fargateSizeFits,
  };
}

function fargateSizeFits(self: JsonObject): boolean {
  if (!items(self, 'requiresCompatibilities').includes('FARGATE')) return true;
  const cpu = asText(self, 'cpu');
  const memory = asText(self, 'memory');
  if (cpu === '' || memory === '') return false;
  if (!PLAIN.test(cpu) || !PLAIN.test(memory)) return true;
  return Number(cpu) > LARGEST_CPU || fits(Number(cpu), Number(memory));
}
