import type { LogFields } from '../runtime/log.ts';

/** Members that are never written, wherever they stand, should a careless line carry them. */
const SECRET =
  /^(authorization|password|token|clientToken|sessionToken|secretAccessKey|environment|repositoryCredentials|certData|keyData)$/i;
/** Longer texts are cut: a log line is no place for a manifest. */
const LONGEST_TEXT = 4_000;
const LONGEST_LIST = 50;
/** What is nested deeper is left out, cycles with it. */
const DEEPEST = 6;

/** Fields as they may stand in a log line: without secrets, errors by their message, cut to a size one can read. */
export function presentable(fields: LogFields): LogFields {
  return record(fields, 0);
}

function record(value: object, depth: number): LogFields {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, SECRET.test(name) ? '(redacted)' : plain(member, depth)]),
  );
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cut(value);
  if (value instanceof Error) return cut(value.message);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => plain(item, depth + 1));
  return record(value, depth + 1);
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
