import { normaliseScalar } from './scalar.ts';
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  type List,
  type Member,
  memberOf,
  type Shape,
  type Structure,
} from './shape.ts';
import { unknownMember, wrapperHint } from './unknown-member.ts';

/** Something in a spec that AWS would refuse or misunderstand. */
export interface InputProblem {
  /** Where, e.g. `containerDefinitions[name=web].portMappings[0].hostPort`. */
  readonly path: string;
  /** What is wrong and what to do about it, without the path. */
  readonly message: string;
}

export interface NormaliseOptions {
  /** Our own members, dropped: `policy`, `clusterRef`, `serviceRegistries[].cloudMapServiceRef`. */
  readonly own?: readonly string[];
  /** Required members that the operator fills in when the person leaves them out: `family`, `taskDefinition`. */
  readonly supplied?: readonly string[];
}

export interface Normalised {
  /** What is declared, in AWS's types, under our names. Complete only when there are no problems. */
  readonly value: JsonObject;
  readonly problems: readonly InputProblem[];
}

/**
 * What a person wrote as the request that AWS understands, with its meaning kept:
 * - whole numbers from strings, strings from numbers where AWS wants those (`cpu: 256` → `"256"`);
 * - null is "not declared"; `[]` stays, since AWS clears by it;
 * - `""` is "not declared" where AWS takes no empty text (an enum, a role, a name, an item of `subnets`), and a value
 *   where it does (`environment[].value`, a tag's value, entries of maps, items of `command`). What holds nothing
 *   else than such `""` and zeros is what `--generate-cli-skeleton` left behind, and goes too. The same rule as AWS's
 *   own deploy action for GitHub has (`aws-actions/amazon-ecs-deploy-task-definition`, "remove empty values");
 * - output-only and our own members are dropped, unknown ones are a problem.
 *
 * Idempotent. Never throws.
 */
export function normalise(spec: Json, shape: Structure, options: NormaliseOptions = {}): Normalised {
  const walk = new Normaliser(options);
  const { value } = walk.structure(spec, shape, { path: '', pattern: '', root: true });
  return { value: isObject(value) ? value : {}, problems: walk.problems };
}

interface Place {
  readonly path: string;
  /** The path without indices, `loadBalancers[].containerName`, as `own` names it. */
  readonly pattern: string;
  readonly root?: boolean;
}

/** `value` is undefined when nothing is declared; `emptied` when an empty text was dropped on the way to it. */
interface Result {
  readonly value: Json | undefined;
  readonly emptied: boolean;
}

const NOTHING: Result = { value: undefined, emptied: false };
const EMPTIED: Result = { value: undefined, emptied: true };

class Normaliser {
  readonly problems: InputProblem[] = [];
  readonly #own: ReadonlySet<string>;
  readonly #supplied: ReadonlySet<string>;

  constructor(options: NormaliseOptions) {
    this.#own = new Set(options.own);
    this.#supplied = new Set(options.supplied);
  }

  structure(raw: Json, shape: Structure, place: Place): Result {
    if (!isObject(raw)) return this.#refuse(place, `must be an object, not ${describe(raw)}`);
    const wrapper = place.root === true ? wrapperHint(raw, shape, this.#own) : undefined;
    if (wrapper !== undefined) return this.#refuse({ ...place, path: wrapper.member }, wrapper.message);
    const members: Record<string, Json> = {};
    const refused = new Set<string>();
    let emptied = false;
    let ours = false;
    for (const [name, item] of Object.entries(raw)) {
      const inner = within(place, name);
      if (this.#own.has(inner.pattern)) {
        ours = true;
        continue;
      }
      const member = memberOf(shape, name);
      if (member === undefined) this.#refuse(inner, unknownMember(name, shape));
      if (member === undefined || member.outputOnly) continue;
      const before = this.problems.length;
      const result = this.#value(item, member.shape, member, inner);
      emptied ||= result.emptied;
      if (result.value !== undefined) members[name] = result.value;
      else if (this.problems.length > before) refused.add(name);
    }
    const residue = emptied && !ours && !place.root && Object.values(members).every(saysNothing);
    if (residue && refused.size === 0) return EMPTIED;
    this.#complete(members, refused, shape, place);
    return { value: members, emptied };
  }

  /** Adds what has to stand there, and says what only the person can. */
  #complete(members: Record<string, Json>, refused: ReadonlySet<string>, shape: Structure, place: Place): void {
    for (const [name, member] of neededMembers(shape)) {
      if (name in members || refused.has(name)) continue;
      if (member.whenMissing !== undefined) members[name] = member.whenMissing;
      else if (member.required && !(place.root === true && this.#supplied.has(name))) {
        this.#refuse(within(place, name), 'is required, and is missing or empty; fill it in');
      }
    }
  }

  #value(raw: Json, shape: Shape, member: Member, place: Place): Result {
    if (raw === null) return NOTHING;
    switch (shape.type) {
      case 'structure':
        return this.structure(raw, shape, place);
      case 'list':
        return this.#list(raw, shape, member, place);
      case 'map':
        return this.#map(raw, shape.of, member, place);
      case 'document':
        return { value: raw, emptied: false };
      default: {
        // AWS reads an empty text as absent, but for the few members where it is a value.
        if (raw === '' && !(shape.type === 'string' && member.emptyIsValue)) return EMPTIED;
        const scalar = normaliseScalar(raw, shape);
        if ('problem' in scalar) return this.#refuse(place, scalar.problem);
        return { value: scalar.value, emptied: false };
      }
    }
  }

  #list(raw: Json, shape: List, member: Member, place: Place): Result {
    if (!isList(raw)) return this.#refuse(place, `must be a list, not ${describe(raw)}; put it between [ and ]`);
    const items: Json[] = [];
    const before = this.problems.length;
    const seen = new Set<string>();
    let emptied = false;
    raw.forEach((item, index) => {
      const id = keyOf(item, shape.key);
      const step = id === undefined ? `[${index}]` : `[${shape.key}=${id}]`;
      if (id !== undefined && seen.has(id)) {
        this.#refuse(place, `has two items with ${shape.key} ${id}; keep one of them`);
        return;
      }
      if (id !== undefined) seen.add(id);
      const result = this.#value(item, shape.of, member, {
        path: `${place.path}${step}`,
        pattern: `${place.pattern}[]`,
      });
      emptied ||= result.emptied;
      if (result.value !== undefined) items.push(result.value);
    });
    // All of it was residue: not the same as [], by which AWS clears.
    if (items.length === 0 && raw.length > 0 && this.problems.length === before) return EMPTIED;
    return { value: items, emptied };
  }

  #map(raw: Json, shape: Shape, member: Member, place: Place): Result {
    if (!isObject(raw)) return this.#refuse(place, `must be an object of texts, not ${describe(raw)}`);
    const entries: [string, Json][] = [];
    for (const [key, item] of Object.entries(raw)) {
      const inner = { path: `${place.path}[${key}]`, pattern: `${place.pattern}[]` };
      const result = this.#value(item, shape, { ...member, emptyIsValue: true }, inner);
      if (result.value !== undefined) entries.push([key, result.value]);
    }
    return { value: Object.fromEntries(entries), emptied: false };
  }

  #refuse(place: Place, message: string): Result {
    this.problems.push({ path: place.path, message });
    return NOTHING;
  }
}

const needed = new WeakMap<Structure, readonly [string, Member][]>();

/** Few of the many members have to stand in a request. */
function neededMembers(shape: Structure): readonly [string, Member][] {
  let members = needed.get(shape);
  if (members === undefined) {
    members = Object.entries(shape.members).filter(
      ([, { whenMissing, required }]) => whenMissing !== undefined || required,
    );
    needed.set(shape, members);
  }
  return members;
}

function within(place: Place, name: string): Place {
  return {
    path: place.path === '' ? name : `${place.path}.${name}`,
    pattern: place.pattern === '' ? name : `${place.pattern}.${name}`,
  };
}

/** Beside an empty text, a zero and an empty value are what a skeleton leaves; a boolean or a word is meant. */
function saysNothing(value: Json): boolean {
  if (value === 0 || value === '') return true;
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function keyOf(item: Json, key: string | undefined): string | undefined {
  const id = key !== undefined && isObject(item) ? item[key] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function describe(value: Json): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return `${JSON.stringify(value).slice(0, 40)}`;
}
