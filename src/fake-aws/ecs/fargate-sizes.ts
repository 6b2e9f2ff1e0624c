/** Memory (MiB) that goes with each task cpu on Fargate (ECS developer guide, "Fargate task definition parameters"). */
const sizes: Readonly<Record<number, { from: number; to: number; step: number } | readonly number[]>> = {
  256: [512, 1024, 2048],
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
  16384: { from: 32_768, to: 122_880, step: 8192 },
};

/** Whether Fargate has tasks of this size. */
export function isFargateSize(cpu: number, memory: number): boolean {
  const range = sizes[cpu];
  if (range === undefined) return false;
  if (!('from' in range)) return range.includes(memory);
  return memory >= range.from && memory <= range.to && (memory - range.from) % range.step === 0;
}

/** Task cpu as AWS keeps it: `1 vCPU` is 1024 units. Undefined for what AWS cannot read. */
export function cpuUnits(text: string): number | undefined {
  return amount(text, /^vcpu$/i);
}

/** Task memory as AWS keeps it: `1 GB` is 1024 MiB. Undefined for what AWS cannot read. */
export function memoryMib(text: string): number | undefined {
  return amount(text, /^gb$/i);
}

function amount(text: string, unit: RegExp): number | undefined {
  const match = /^\s*(\d+|\d*\.\d+)\s*([a-z]*)\s*$/i.exec(text);
  if (!match) return undefined;
  const value = Number(match[1]);
  const units = match[2] ?? '';
  if (units === '') return Number.isInteger(value) ? value : undefined;
  return unit.test(units) && Number.isInteger(value * 1024) ? value * 1024 : undefined;
}
