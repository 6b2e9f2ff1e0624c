import * as fc from 'fast-check';

/** What becomes of one value somewhere in an answer. */
const CHANGES = [
  'left out',
  'null',
  'another type',
  'an unknown value',
  'empty',
  'huge',
  'with members of tomorrow',
] as const;

/** Which answers are spoilt, where, and how. */
export interface Spoilt {
  readonly operation: string;
  /** Which of its calls is the first one, from 0 on. */
  readonly from: number;
  /** How many in a row. */
  readonly times: number;
  /** Which of the values in the answer; it counts modulo their number. */
  readonly place: number;
  readonly change: (typeof CHANGES)[number];
  readonly other: unknown;
}

/** Spoilt answers of these operations. */
export function spoiltAnswers(operations: readonly string[]): fc.Arbitrary<Spoilt> {
  return fc.record({
    operation: fc.constantFrom(...operations),
    from: fc.nat(4),
    times: fc.integer({ min: 1, max: 3 }),
    place: fc.nat(200),
    change: fc.constantFrom(...CHANGES),
    other: fc.constantFrom<unknown>('', 'x', 0, -1, 1e308, true, [], {}, [null], ['x'], [{}], { a: 1 }, 'arn:aws:::'),
  });
}

/** The places of an answer, the whole first; metadata that the SDK itself writes is none. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return [path];
  const inner = Object.entries(value).flatMap(([name, part]) =>
    name === '$metadata' ? [] : placesOf(part, [...path, name]),
  );
  return [path, ...inner];
}

/** Changes an answer in place. The answer as a whole stays an object: so much the SDK sees to. */
export function spoilt(output: object, { place, change, other }: Spoilt): object {
  const places = placesOf(output).slice(1);
  const path = places[place % Math.max(1, places.length)];
  if (path === undefined) return output;
  const parent = path.slice(0, -1).reduce<unknown>((here, name) => Reflect.get(Object(here), name), output);
  const last = path.at(-1) ?? '';
  if (typeof parent !== 'object' || parent === null) return output;
  const before: unknown = Reflect.get(parent, last);
  if (change !== 'left out') Reflect.set(parent, last, changed(before, change, other));
  // An item that is missing from a list is no nonsense but a lie, which nobody can tell from the truth.
  else if (!Array.isArray(parent)) Reflect.deleteProperty(parent, last);
  return output;
}

function changed(before: unknown, change: Exclude<Spoilt['change'], 'left out'>, other: unknown): unknown {
  switch (change) {
    case 'null':
      return null;
    case 'another type':
      return typeOf(other) === typeOf(before) ? null : other;
    case 'an unknown value':
      // Only where it may be an enum's: any other text would be a lie.
      return typeof before === 'string' && /^[A-Z][A-Z_]+$/.test(before) ? 'SOMETHING_OF_TOMORROW' : before;
    case 'empty':
      return Array.isArray(before) ? [] : typeof before === 'string' ? '' : typeof before === 'object' ? {} : 0;
    case 'huge':
      if (!Array.isArray(before) || before.length === 0) return before;
      return Array.from({ length: 500 }, (_, at) => before[at % before.length]);
    case 'with members of tomorrow':
      if (typeof before !== 'object' || before === null || Array.isArray(before)) return before;
      return { ...before, tomorrow: { a: [1] }, __proto__: { x: 1 }, constructor: 'x' };
    default:
      return change satisfies never;
  }
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : value instanceof Date ? 'time' : value === null ? 'null' : typeof value;
}
