import fc from 'fast-check';
import type { Json, JsonObject, Member, Scalar, Shape, Structure } from '../../src/shape/shape.ts';

/** How a member is written: as `normalise` leaves it, or as people write it. */
type Style = 'normal' | 'messy';

/** A spec of a shape as `normalise` leaves it: AWS's types, nothing missing that AWS requires. */
export function normalValue(shape: Structure): fc.Arbitrary<JsonObject> {
  return structure(shape, 'normal', 4);
}

/** A spec as people may write it: nulls, empty texts, numbers as texts, members that AWS does not have. */
export function messyValue(shape: Structure): fc.Arbitrary<JsonObject> {
  return structure(shape, 'messy', 4);
}

function structure(shape: Structure, style: Style, optionalMembers: number): fc.Arbitrary<JsonObject> {
  const usable = Object.entries(shape.members).filter(([, member]) => style === 'messy' || !member.outputOnly);
  const needed = usable.filter(([, member]) => member.required || member.whenMissing !== undefined);
  const optional = usable.filter((entry) => !needed.includes(entry));
  return fc.subarray(optional, { maxLength: Math.min(optionalMembers, optional.length) }).chain((chosen) => {
    const present = style === 'messy' ? [...needed.slice(1), ...chosen] : [...needed, ...chosen];
    const members = Object.fromEntries(present.map(([name, member]) => [name, value(member.shape, member, style)]));
    const junk = fc.constantFrom<Json>('what AWS does not have', null, { a: [] });
    const unknown: Record<string, fc.Arbitrary<Json>> = style === 'messy'
      ? { zzz: junk, constructor: junk, ['__proto__']: junk }
      : {};
    return fc.record<Record<string, Json>>({ ...members, ...unknown }, { noNullPrototype: true });
  });
}

function value(shape: Shape, member: Member, style: Style): fc.Arbitrary<Json> {
  const proper = properValue(shape, member, style);
  if (style === 'normal') return proper;
  return fc.oneof({ weight: 6, arbitrary: proper }, fc.constant(null), fc.constant(''), fc.constant('7'));
}

function properValue(shape: Shape, member: Member, style: Style): fc.Arbitrary<Json> {
  switch (shape.type) {
    case 'structure':
      return structure(shape, style, 2);
    case 'map':
      return fc.dictionary(word(), text(true), { maxKeys: 3, noNullPrototype: true });
    case 'document':
      return fc.constantFrom<Json>('text', 7, { a: [1, { b: 'c' }] });
    case 'list': {
      const { key } = shape;
      const item = value(shape.of, member, style);
      if (key === undefined) return fc.array(item, { maxLength: 3 });
      return fc.uniqueArray(item, { maxLength: 3, selector: (one) => JSON.stringify(keyOf(one, key)) });
    }
    default:
      return scalar(shape, member);
  }
}

function scalar(shape: Scalar, member: Member): fc.Arbitrary<Json> {
  switch (shape.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.nat({ max: 65_535 });
    case 'double':
      return fc.nat({ max: 1000 }).map((tenths) => tenths / 10);
    case 'timestamp':
      return fc.constant('2026-01-01T00:00:00.000Z');
    case 'string':
      if (shape.values !== undefined) return fc.constantFrom(...shape.values);
      return text(member.emptyIsValue);
    default:
      return shape.type satisfies never;
  }
}

function text(mayBeEmpty: boolean): fc.Arbitrary<string> {
  return mayBeEmpty ? fc.oneof({ weight: 4, arbitrary: word() }, fc.constant('')) : word();
}

/** Few letters, so that equal names meet; some that a path has to quote. */
function word(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('web', 'db', 'log', 'a', 'b', '80', 'x.y/z') },
    fc.constantFrom('a]b', 'a=b', '__proto__', 'constructor', '"', 'ü 1', '\\', ' ', '[0]', 'a.b'),
  );
}

function keyOf(item: Json, key: string): Json {
  return typeof item === 'object' && item !== null && key in item
    ? (Object.entries(item).find(([k]) => k === key)?.[1] ?? null)
    : null;
}
