import type { Operation } from './operations.ts';

/** How an operation that describes several things at once is cut up and put together. */
export interface BatchForm {
  /** The input's list of names or ARNs. */
  readonly list: string;
  /** The output's list of what was found. */
  readonly found: string;
  /** Where each thing found has its ARN. */
  readonly arn: string;
  /** How many AWS takes in one call. */
  readonly size: number;
}

/**
 * The reads that are worth putting together, with AWS's limits from its service model: DescribeServices 10,
 * DescribeTasks and DescribeClusters 100.
 */
const FORMS: Readonly<Partial<Record<Operation, BatchForm>>> = {
  'ecs.DescribeServices': { list: 'services', found: 'services', arn: 'serviceArn', size: 10 },
  'ecs.DescribeTasks': { list: 'tasks', found: 'tasks', arn: 'taskArn', size: 100 },
  'ecs.DescribeClusters': { list: 'clusters', found: 'clusters', arn: 'clusterArn', size: 100 },
};

/** @returns undefined for an operation that is always sent as it is. */
export function batchFormOf(operation: Operation): BatchForm | undefined {
  return FORMS[operation];
}

/** One thing of an answer, and under which name: the last part of its ARN, whether asked for by name or by ARN. */
export interface Slice {
  readonly found?: unknown;
  readonly failure?: unknown;
  readonly metadata: unknown;
}

/** Cuts an answer up by the things it is about. */
export function slices(form: BatchForm, output: object): ReadonlyMap<string, Slice> {
  const metadata = member(output, '$metadata');
  const byName = new Map<string, Slice>();
  for (const failure of items(output, 'failures')) {
    const arn = member(failure, 'arn');
    if (typeof arn === 'string') byName.set(shortName(arn), { failure, metadata });
  }
  for (const found of items(output, form.found)) {
    const arn = member(found, form.arn);
    if (typeof arn === 'string') byName.set(shortName(arn), { found, metadata });
  }
  return byName;
}

/** `arn:aws:ecs:…:service/cluster/name` → `name`; a name stays as it is. */
export function shortName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

/** A member of a value of unknown shape. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function items(value: unknown, name: string): readonly unknown[] {
  const list = member(value, name);
  return Array.isArray(list) ? list : [];
}
