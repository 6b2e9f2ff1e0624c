import { isObject, type Json, type JsonObject } from './shape.ts';

/** `over` laid on `under`: structures are merged at any depth, everything else is replaced. */
export function mergeDeep(under: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    merged[name] = isObject(below) && isObject(value) ? mergeDeep(below, value) : value;
  }
  return merged;
}

/** Sets a value, or removes what is there when `value` is undefined; a structure that loses its last member goes too. */
export function setAt(object: JsonObject, [name, ...rest]: readonly string[], value: Json | undefined): JsonObject {
  if (name === undefined) return object;
  const { [name]: current, ...others } = object;
  if (rest.length === 0) return value === undefined ? others : { ...others, [name]: value };
  const inner = setAt(isObject(current) ? current : {}, rest, value);
  return Object.keys(inner).length === 0 ? others : { ...others, [name]: inner };
}
