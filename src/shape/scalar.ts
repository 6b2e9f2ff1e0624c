import { isList, isObject, type Json, type Scalar } from './shape.ts';

export type ScalarResult = { readonly value: Json } | { readonly problem: string };

/** A value in the type AWS wants, where its meaning leaves no doubt; else what is wrong with it and what to do. */
export function normaliseScalar(raw: Json, shape: Scalar): ScalarResult {
  if (isList(raw) || isObject(raw)) {
    return { problem: `must be a single value, not ${isList(raw) ? 'a list' : 'an object'}` };
  }
  switch (shape.type) {
    case 'string':
    case 'timestamp':
      return string(raw, shape);
    case 'integer':
      return whole(raw);
    case 'double':
      return number(raw);
    case 'boolean':
      return boolean(raw);
    default:
      return shape.type satisfies never;
  }
}

function string(raw: Json, shape: Scalar): ScalarResult {
  const value = String(raw);
  if (shape.closed === true && shape.values !== undefined && !shape.values.includes(value)) {
    return { problem: `is ${shown(raw)}, but AWS takes only ${shape.values.join(', ')}` };
  }
  return { value };
}

function whole(raw: Json): ScalarResult {
  const value = typeof raw === 'string' && /^\s*[-+]?\d+\s*$/.test(raw) ? Number(raw) : raw;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { value: value + 0 };
  if (typeof raw === 'string' && !/\d/.test(raw)) {
    return { problem: `must be a whole number, not ${shown(raw)}; put the number in place of the text` };
  }
  return { problem: `must be a whole number, not ${shown(raw)}; write it without fraction and unit` };
}

function number(raw: Json): ScalarResult {
  const value = typeof raw === 'string' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(raw) ? Number(raw) : raw;
  return typeof value === 'number' && Number.isFinite(value)
    ? { value: value + 0 }
    : { problem: `must be a number, not ${shown(raw)}` };
}

function boolean(raw: Json): ScalarResult {
  if (typeof raw === 'boolean') return { value: raw };
  if (raw === 'true' || raw === 'false') return { value: raw === 'true' };
  return { problem: `must be true or false, not ${shown(raw)}` };
}

function shown(raw: Json): string {
  const text = JSON.stringify(raw);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
