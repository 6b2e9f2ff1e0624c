import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { isList, isObject, type Json, type JsonObject, type Shape, type Structure } from '../../../src/shape/shape.ts';
import { BESIDES, FRAMES, GO_WITH, VALUES } from './values.ts';

/** Something that can be declared in a spec, with what is written to set it, to change it and to take it away. */
export interface Leaf {
  /** `<Kind>.<path>`, as in the spec, without items: `EcsService.loadBalancers.containerPort`. Stands in replays. */
  readonly name: string;
  readonly kind: string;
  /** The member of the spec that it lies in. */
  readonly top: string;
  /** The member with the leaf, in one value and in another. */
  readonly values: readonly [Json, Json];
  /** The member without the leaf; undefined when it is nothing then. */
  readonly without: Json | undefined;
  /** The leaf's own two values. */
  readonly own: readonly [Json, Json];
}

interface Place {
  readonly name: string;
  /** Puts a value there; undefined for what stands around it. */
  readonly put: (value: Json | undefined) => Json | undefined;
}

/** Every leaf of AWS's part of each kind. */
export function everyLeaf(): readonly Leaf[] {
  return KIND_SCHEMAS.flatMap(({ kind, aws }) => {
    if (aws === undefined) return [];
    return Object.entries(aws.shape.members).flatMap(([name, member]): Leaf[] => {
      const top = aws.renamed?.[name] ?? name;
      if (member.outputOnly) return [];
      const place: Place = { name: `${kind}.${top}`, put: (value) => value };
      return leavesOf(member.shape, place, `${aws.shape.name}.${name}`).map((leaf) => ({ ...leaf, kind, top }));
    });
  });
}

type Found = Omit<Leaf, 'kind' | 'top'>;

function leavesOf(shape: Shape, place: Place, member: string): Found[] {
  if (shape.type === 'structure') return inStructure(shape, place);
  if (shape.type === 'list' && shape.of.type === 'structure') {
    const put = (value: Json | undefined): Json | undefined =>
      place.put(value === undefined ? undefined : [value, ...(BESIDES[place.name] ?? [])]);
    return inStructure(shape.of, { name: place.name, put });
  }
  const own = VALUES[place.name] ?? VALUES[member] ?? plainValues(shape, member);
  const [first, second] = own.map((value) => place.put(value));
  if (first === undefined || second === undefined) throw new Error(`${place.name} has no value`);
  return [{ name: place.name, values: [first, second], without: place.put(undefined), own }];
}

/** Each member among those without which AWS takes no such structure. */
function inStructure(shape: Structure, place: Place): Found[] {
  return Object.entries(shape.members).flatMap(([name, member]) => {
    if (member.outputOnly) return [];
    const at = `${place.name}.${name}`;
    const frame = { ...frameOf(shape, place.name), ...GO_WITH[at] };
    const needed = member.required || Object.hasOwn(frame, name);
    const put = (value: Json | undefined): Json | undefined => {
      if (value !== undefined) return place.put({ ...frame, [name]: value });
      const { [name]: _, ...others } = frame;
      // Without what it must have it is not there at all.
      return needed || Object.keys(others).length === 0 ? place.put(undefined) : place.put(others);
    };
    return leavesOf(member.shape, { name: at, put }, `${shape.name}.${name}`);
  });
}

function frameOf(shape: Structure, at: string): JsonObject {
  const given = FRAMES[at] ?? FRAMES[shape.name] ?? {};
  const required = Object.entries(shape.members).filter(
    ([name, { required }]) => required && !Object.hasOwn(given, name),
  );
  return {
    ...Object.fromEntries(required.map(([name, { shape: of }]) => [name, sample(of, `${shape.name}.${name}`)])),
    ...given,
  };
}

function sample(shape: Shape, member: string): Json {
  const given = VALUES[member];
  if (given !== undefined) return given[0];
  if (shape.type === 'structure') return frameOf(shape, member);
  if (shape.type === 'list' && shape.of.type === 'structure') return [sample(shape.of, member)];
  return plainValues(shape, member)[0];
}

function plainValues(shape: Shape, member: string): readonly [Json, Json] {
  const word = member.slice(member.indexOf('.') + 1).toLowerCase();
  switch (shape.type) {
    case 'boolean':
      return [true, false];
    case 'integer':
      return [31, 32];
    case 'double':
      return [20, 25];
    case 'timestamp':
      return ['2027-01-01T00:00:00Z', '2027-02-01T00:00:00Z'];
    case 'string': {
      const [first, second] = shape.values ?? [];
      return first === undefined ? [`${word}-1`, `${word}-2`] : [first, second ?? first];
    }
    case 'map':
      return [{ a: `${word}-1` }, { a: `${word}-2`, b: 'more' }];
    case 'document':
      return [{ a: 'one' }, { a: 'two' }];
    case 'list': {
      const [one, two] = plainValues(shape.of, member);
      return [[one], [two]];
    }
    case 'structure':
      throw new Error(`${member} is no leaf`);
    default:
      return shape satisfies never;
  }
}

/** All scalars of a value. */
export function scalarsOf(value: Json): readonly string[] {
  if (isList(value)) return value.flatMap(scalarsOf);
  if (isObject(value)) return Object.values(value).flatMap(scalarsOf);
  return [String(value)];
}
