/** Something about a control request that the one who sent it can put right. */
export class BadRequest extends Error {}

/** Answers one control: what is returned goes out as JSON. */
export type ControlHandler = (request: { readonly query: URLSearchParams; readonly json: () => unknown }) => unknown;

/** The members of a control's JSON body, each read with the type that it must have. */
export class ControlBody {
  readonly #value: Readonly<Record<string, unknown>>;

  /** @throws BadRequest when the body is not a JSON object, or has a member that is not among the known ones. */
  constructor(value: unknown, known: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new BadRequest(`the body must be a JSON object with ${known.join(', ')}`);
    }
    const stranger = Object.keys(value).find((name) => !known.includes(name));
    if (stranger !== undefined) throw new BadRequest(`there is no ${stranger} here, only ${known.join(', ')}`);
    this.#value = { ...value };
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined;
  }

  text(name: string): string {
    return this.optionalText(name) ?? missing(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.#value[name];
    if (value === undefined || typeof value === 'string') return value;
    throw new BadRequest(`${name} must be a string`);
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? missing(name);
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#value[name];
    if (value === undefined || (typeof value === 'number' && value >= 0)) return value;
    throw new BadRequest(`${name} must be a number of at least 0`);
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.#value[name];
    if (value === undefined || typeof value === 'boolean') return value;
    throw new BadRequest(`${name} must be true or false`);
  }

  optionalTexts(name: string): readonly string[] | undefined {
    const value = this.#value[name];
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw new BadRequest(`${name} must be a list of strings`);
  }

  object(name: string): object {
    const value = this.#value[name];
    if (value === undefined) return missing(name);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw new BadRequest(`${name} must be an object`);
  }
}

/** The same object without the members that have no value. */
export function given<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Only members without a value were dropped.
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function missing(name: string): never {
  throw new BadRequest(`${name} is missing`);
}
