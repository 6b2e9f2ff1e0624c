import type { JsonSchema, JsonSchemaRule } from '../kinds/schema/json-schema.ts';
import type { KindSchema, Rule } from '../kinds/schema/kind-schema.ts';
import { RESERVED_NAMES } from '../kinds/schema/own-part.ts';
import { awsProperties, onlyValues } from './aws-schema.ts';
import type { Descriptions } from './descriptions.ts';
import { placeOf } from './rule-place.ts';

export const GROUP = 'ecs-operator.dev';
export const VERSION = 'v1alpha1';

/**
 * Kubernetes bounds these itself, but reckons the cost of CEL rules by what the schema says. All four members that it
 * knows of a root have to be there, or it takes its own, without bounds.
 */
const METADATA: JsonSchema = {
  type: 'object',
  properties: { name: { type: 'string', maxLength: 253 }, generateName: { type: 'string', maxLength: 253 } },
};

/** A CustomResourceDefinition, as far as we write one. */
export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly names: object;
    readonly versions: readonly [{ readonly schema: { readonly openAPIV3Schema: JsonSchema } }];
  };
}

/** The whole CRD of a kind. @throws when AWS has taken one of our names, or a rule stands where nothing is. */
export function customResourceDefinition(kind: KindSchema, descriptions: Descriptions): CustomResourceDefinition {
  const version = {
    name: VERSION,
    served: true,
    storage: true,
    additionalPrinterColumns: kind.columns,
    subresources: { status: {}, ...(kind.scale === undefined ? {} : { scale: kind.scale }) },
    schema: { openAPIV3Schema: rootSchema(kind, descriptions) },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: kind.scope,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular: kind.kind.toLowerCase(),
        shortNames: [kind.shortName],
        categories: ['ecs', 'aws'],
      },
      versions: [version],
    },
  };
}

function rootSchema(kind: KindSchema, descriptions: Descriptions): JsonSchema {
  const root: JsonSchema = {
    type: 'object',
    description: kind.description,
    ...(kind.specOptional ? {} : { required: ['spec'] }),
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: METADATA,
      spec: specSchema(kind, descriptions),
      status: {
        type: 'object',
        description: 'What the operator saw and did.',
        properties: statusProperties(kind),
        // Only the operator writes it, and always all of it: to track an owner of each member costs the API server time
        // at every write, and is half of managedFields.
        'x-kubernetes-map-type': 'atomic',
      },
    },
  };
  return kind.rules.reduce(withRule, withoutEmptyDescriptions(root));
}

function specSchema(kind: KindSchema, descriptions: Descriptions): JsonSchema {
  const ours = new Set([...Object.keys(kind.own), ...Object.keys(kind.templates ?? {}), ...RESERVED_NAMES]);
  const aws = kind.aws === undefined ? {} : awsProperties(kind.aws, descriptions, ours);
  const properties: Record<string, JsonSchema> = { ...aws };
  for (const [name, schema] of Object.entries(kind.own)) {
    properties[name] = kind.required?.includes(name) ? withNullableMembers(schema) : nullable(schema);
  }
  for (const [name, { aws: part, description }] of Object.entries(kind.templates ?? {})) {
    properties[name] = {
      type: 'object',
      description,
      nullable: true,
      properties: sorted(awsProperties(part, descriptions, new Set())),
    };
  }
  let spec: JsonSchema = {
    type: 'object',
    ...(kind.required === undefined ? {} : { required: kind.required }),
    // Server-side apply makes an emptied spec null; the default makes that {} again.
    ...(kind.specOptional ? { default: {} } : {}),
    properties: sorted(properties),
  };
  for (const [path, schema] of Object.entries(kind.nested ?? {})) {
    spec = atPath(spec, path.split('.'), (parent, last) => {
      if (parent.properties?.[last] !== undefined) {
        throw new Error(`AWS has a member "${path}" now, which is a name of ours: offer it under another name`);
      }
      return { ...parent, properties: sorted({ ...parent.properties, [last]: nullable(schema) }) };
    });
  }
  return spec;
}

function statusProperties(kind: KindSchema): Readonly<Record<string, JsonSchema>> {
  return sorted(kind.status);
}

/**
 * Server-side apply turns an object that is emptied into null and refuses that where null is not allowed, so every
 * member that may be left out may be null.
 */
function nullable(schema: JsonSchema): JsonSchema {
  const { enum: values, ...inner } = withNullableMembers(schema);
  // An enum admits no null, whatever `nullable` says; a pattern is not asked about null.
  return { ...inner, ...(values === undefined ? {} : onlyValues(values.map(String))), nullable: true };
}

function withNullableMembers(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, required = [] } = schema;
  return {
    ...schema,
    ...(items === undefined ? {} : { items: withNullableMembers(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: nullable(additionalProperties) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, member]) => [
              name,
              required.includes(name) ? withNullableMembers(member) : nullable(member),
            ]),
          ),
        }),
  };
}

/** Changes what a path leads to; `[]` at the end of a segment steps into the items of a list. */
function atPath(
  schema: JsonSchema,
  path: readonly string[],
  change: (parent: JsonSchema, last: string) => JsonSchema,
): JsonSchema {
  const [first = '', ...rest] = path;
  if (rest.length === 0) return change(schema, first);
  const name = first.replace('[]', '');
  const member = schema.properties?.[name];
  if (member === undefined) throw new Error(`nothing is called ${name}, on the way to ${path.join('.')}`);
  if (!first.endsWith('[]')) {
    return { ...schema, properties: { ...schema.properties, [name]: atPath(member, rest, change) } };
  }
  const items = atPath(member.items ?? {}, rest, change);
  return { ...schema, properties: { ...schema.properties, [name]: { ...member, items } } };
}

function withRule(root: JsonSchema, rule: Rule): JsonSchema {
  const { at, cel, fieldPath } = placeOf(rule);
  const stands: JsonSchemaRule = {
    rule: cel,
    message: rule.message,
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
  const add = (schema: JsonSchema): JsonSchema => ({
    ...schema,
    'x-kubernetes-validations': [...(schema['x-kubernetes-validations'] ?? []), stands],
  });
  if (at === '') return add(root);
  return atPath(root, at.split('.'), (parent, last) => {
    const member = parent.properties?.[last];
    if (member === undefined) throw new Error(`the rule ${rule.id} stands on ${at}, which does not exist`);
    return { ...parent, properties: { ...parent.properties, [last]: add(member) } };
  });
}

function withoutEmptyDescriptions(schema: JsonSchema): JsonSchema {
  const { description, properties, items, additionalProperties, ...rest } = schema;
  return {
    ...(description === undefined || description === '' ? {} : { description }),
    ...rest,
    ...(items === undefined ? {} : { items: withoutEmptyDescriptions(items) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: withoutEmptyDescriptions(additionalProperties) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, member]) => [name, withoutEmptyDescriptions(member)]),
          ),
        }),
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
