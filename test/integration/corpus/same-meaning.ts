import { isObject, type Json, type JsonObject } from '../../../src/shape/shape.ts';

/** What describe calls print and no request takes: pasted by people, and ignored. */
const PRINTED_ONLY: Readonly<Record<'task definition' | 'service', readonly string[]>> = {
  'task definition': [
    'taskDefinitionArn',
    'revision',
    'status',
    'requiresAttributes',
    'compatibilities',
    'registeredAt',
    'registeredBy',
    'deregisteredAt',
  ],
  service: ['platformFamily', 'runningCount', 'pendingCount'],
};

/** Members that AWS prints under another name. */
const PRINTED_AS: Readonly<Record<string, string>> = { cluster: 'clusterArn', role: 'roleArn' };
/** Members that people name in short, and AWS prints as an ARN. */
const NAMED = new Set(['cluster', 'role', 'taskDefinition']);

/** Lists that AWS may print in another order. */
const UNORDERED = /(^|\.)(environment|secrets|tags)\[/;

/**
 * Where what AWS prints does not say what was asked, a line each. Written without the operator's own code, from AWS's
 * documentation: null and "" ask nothing, numbers may stand in strings, and AWS rewrites what `rewritten` does.
 */
export function unfulfilled(
  kind: 'task definition' | 'service',
  asked: JsonObject,
  held: Readonly<Record<string, unknown>>,
): readonly string[] {
  const members = Object.entries(asked).filter(([name]) => !PRINTED_ONLY[kind].includes(name));
  return members.flatMap(([name, value]) => differences(name, value, held[PRINTED_AS[name] ?? name]));
}

function differences(path: string, asked: Json, held: unknown): readonly string[] {
  if (asksNothing(asked)) return [];
  if (Array.isArray(asked)) return listDifferences(path, asked, held);
  if (isObject(asked)) {
    const there = asRecord(held);
    return Object.entries(asked).flatMap(([name, value]) => differences(`${path}.${name}`, value, there[name]));
  }
  const wanted = rewritten(path, String(asked));
  const is = NAMED.has(path) ? sameName(wanted, String(held)) : wanted === String(held);
  return is ? [] : [`${path}: asked ${wanted}, held ${JSON.stringify(held)}`];
}

function listDifferences(path: string, asked: readonly Json[], held: unknown): readonly string[] {
  const there: readonly unknown[] = Array.isArray(held) ? held : [];
  return asked.flatMap((item, index) => {
    const at = `${path}[${index}]`;
    const found = differences(at, item, there[index]);
    const elsewhere = UNORDERED.test(at) && there.some((other) => differences(at, item, other).length === 0);
    return elsewhere ? [] : found;
  });
}

/** As AWS prints it: sizes with units become plain numbers. */
function rewritten(path: string, text: string): string {
  const [, amount, unit] = /^([\d.]+) ?(vCPU|GB)$/i.exec(text) ?? [];
  if ((path === 'cpu' || path === 'memory') && unit !== undefined) return String(Number(amount) * 1024);
  return text;
}

/** A family without a revision is its latest. */
function sameName(asked: string, arn: string): boolean {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return asked === arn || asked === name || asked === name.replace(/:\d+$/, '');
}

function asksNothing(asked: Json): boolean {
  return asked === null || asked === '';
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  // Safe: an object has members, of whatever type.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
