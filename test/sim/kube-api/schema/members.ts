import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';

/** The schema of a member; undefined where there is none. */
export function memberSchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  const { properties = {}, additionalProperties } = schema;
  return Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
}

/** The schemas of everything inside. */
export function innerSchemas({ properties = {}, items, additionalProperties }: JsonSchema): readonly JsonSchema[] {
  return [...Object.values(properties), items, additionalProperties].filter((one) => one !== undefined);
}
