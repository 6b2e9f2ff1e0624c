import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../kinds/schema/json-schema.ts';
import type { KindSchema } from '../kinds/schema/kind-schema.ts';
import type { Member, Shape, Structure } from '../shape/shape.ts';
import { customResourceDefinition } from './definition.ts';
import { KIND_SCHEMAS } from './kinds.ts';

const silent = { describe: () => undefined };
const schemaOf = (kind: KindSchema) =>
  customResourceDefinition(kind, silent).spec.versions[0].schema.openAPIV3Schema.properties ?? {};

function member(shape: Shape, more: Partial<Member> = {}): Member {
  const plain = { awsName: 'x', required: false, sensitive: false, outputOnly: false, emptyIsValue: false };
  return { shape, ...plain, presenceMatters: false, ...more };
}

function kindOf(members: Structure['members'], more: Partial<KindSchema> = {}): KindSchema {
  return {
    kind: 'Thing',
    plural: 'things',
    shortName: 'th',
    scope: 'Namespaced',
    description: 'A thing.',
    aws: { shape: { type: 'structure', name: 'Thing', members }, client: 'client-ecs', interfaces: [] },
    own: {},
    status: {},
    rules: [],
    columns: [],
    ...more,
  };
}

describe('every kind', () => {
  it.each(KIND_SCHEMAS.map((kind) => [kind.kind, kind] as const))(
    '%s bounds every string, list and map',
    (_name, kind) => {
      const unbounded: string[] = [];
      for (const part of ['spec', 'status'])
        visit(schemaOf(kind)[part] ?? {}, part, (schema, path) => {
          if (
            schema.type === 'string' &&
            schema.maxLength === undefined &&
            schema.enum === undefined &&
            schema.format === undefined
          )
            unbounded.push(path);
          if (schema['x-kubernetes-int-or-string'] && schema.maxLength === undefined) unbounded.push(path);
          if (schema.type === 'array' && schema.maxItems === undefined) unbounded.push(path);
          if (schema.additionalProperties !== undefined && schema.maxProperties === undefined) unbounded.push(path);
        });
      expect(unbounded).toEqual([]);
    },
  );

  it.each(KIND_SCHEMAS.map((kind) => [kind.kind, kind] as const))(
    '%s says of every list how it is merged',
    (_name, kind) => {
      const unsaid: string[] = [];
      visit(schemaOf(kind).spec ?? {}, 'spec', (schema, path) => {
        if (schema.type === 'array' && schema['x-kubernetes-list-type'] === undefined) unsaid.push(path);
      });
      expect(unsaid).toEqual([]);
    },
  );

  it.each(KIND_SCHEMAS.filter((kind) => kind.aws).map((kind) => [kind.kind, kind] as const))(
    '%s fills in nothing in the part of AWS: a default would be declared',
    (_name, kind) => {
      const defaults: string[] = [];
      visit(schemaOf(kind).spec ?? {}, 'spec', (schema, path) => {
        if (schema.default !== undefined && path !== 'spec') defaults.push(path);
      });
      expect(defaults).toEqual([]);
    },
  );
});

describe('a name that AWS takes', () => {
  const string = member({ type: 'string' });

  it.each(['policy', 'scaling', 'allowedNamespaces'])('stops the generator where it is ours: %s', (name) => {
    expect(() => schemaOf(kindOf({ [name]: string }))).toThrow(`has a member "${name}" now, which is a name of ours`);
  });

  it('is offered as aws<Name> once that is said', () => {
    const kind = kindOf({ policy: string });
    const aws = kind.aws === undefined ? undefined : { ...kind.aws, renamed: { policy: 'awsPolicy' } };
    const { spec } = schemaOf({ ...kind, ...(aws === undefined ? {} : { aws }), own: { policy: { type: 'object' } } });
    expect(spec?.properties).toMatchObject({ awsPolicy: { type: 'string' }, policy: { type: 'object' } });
  });

  it('stops the generator inside a structure too', () => {
    const inner = member({ type: 'structure', name: 'Inner', members: { namespaceRef: string } });
    const kind = kindOf({ inner }, { nested: { 'inner.namespaceRef': { type: 'object' } } });
    expect(() => schemaOf(kind)).toThrow('AWS has a member "inner.namespaceRef" now');
  });
});

describe('a member of AWS', () => {
  const spec = schemaOf(
    kindOf({
      count: member({ type: 'integer' }),
      share: member({ type: 'double' }),
      closed: member({ type: 'string', values: ['A', 'B'], closed: true }),
      open: member({ type: 'string', values: ['A', 'B'] }),
      printed: member({ type: 'document' }, { outputOnly: true }),
      tags: member({
        type: 'list',
        key: 'key',
        unordered: true,
        of: {
          type: 'structure',
          name: 'Tag',
          members: { key: member({ type: 'string' }), value: member({ type: 'string' }) },
        },
      }),
    }),
  ).spec?.properties;

  it.each([
    ['a whole number may be text', 'count', { 'x-kubernetes-int-or-string': true, maxLength: 16, nullable: true }],
    ['a number with a fraction may not', 'share', { type: 'number', nullable: true }],
    ['a closed list of words admits "" and null', 'closed', { pattern: '^(A|B|)$', nullable: true }],
    ['an open one is told', 'open', { maxLength: 2048, description: 'Known values: A, B.' }],
    ['what AWS prints may be anything', 'printed', { 'x-kubernetes-preserve-unknown-fields': true }],
    [
      'a list whose items AWS tells apart is merged by item',
      'tags',
      { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['key'], items: { required: ['key'] } },
    ],
  ])('%s', (_why, name, expected) => expect(spec?.[name]).toMatchObject(expected));

  it('does not refuse what AWS adds to an open list', () => expect(spec?.open?.pattern).toBeUndefined());
});

describe('a rule', () => {
  it('stops the generator when it stands on nothing', () => {
    const rule = { id: 'x', at: 'spec.gone', cel: 'true', message: '', holds: () => true };
    expect(() => schemaOf(kindOf({}, { rules: [rule] }))).toThrow(
      'the rule x stands on spec.gone, which does not exist',
    );
  });
});

function visit(schema: JsonSchema, path: string, look: (schema: JsonSchema, path: string) => void): void {
  look(schema, path);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) visit(inner, `${path}.${name}`, look);
  if (schema.items !== undefined) visit(schema.items, `${path}[]`, look);
  if (schema.additionalProperties !== undefined) visit(schema.additionalProperties, `${path}.*`, look);
}
