import type { Rule } from '../../../../src/kinds/schema/kind-schema.ts';
import type { JsonObject } from '../json.ts';
import type { ResourceName } from './wire.ts';

/** A type with what our CRDs do not have: sets, granular status, nested defaults, members that keep everything. */
export const WIDGETS: ResourceName = { apiVersion: 'test.dev/v1', kind: 'Widget', plural: 'widgets' };
export const WIDGET_CRD_NAME = 'widgets.test.dev';

const TEXT = { type: 'string' };

export function widgetCrd(more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: WIDGET_CRD_NAME },
    spec: {
      group: 'test.dev',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
      scope: 'Namespaced',
      versions: [
        { name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: SCHEMA } },
      ],
      ...more,
    },
  };
}

const PORT = {
  type: 'object',
  required: ['port'],
  properties: {
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    protocol: { ...TEXT, default: 'TCP' },
    note: TEXT,
  },
};

const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer', default: 1 },
        mode: { type: 'string', enum: ['fast', 'slow'] },
        zones: { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'set' },
        ports: {
          type: 'array',
          items: PORT,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
        },
        args: { type: 'array', items: TEXT },
        labels: { type: 'object', additionalProperties: TEXT, maxProperties: 3 },
        point: {
          type: 'object',
          'x-kubernetes-map-type': 'atomic',
          properties: { x: { type: 'number' }, y: { type: 'number' } },
        },
        nested: {
          type: 'object',
          properties: { on: { type: 'boolean', default: true }, inner: { type: 'object', properties: { name: TEXT } } },
        },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: TEXT } },
        amount: { 'x-kubernetes-int-or-string': true },
        fixed: {
          type: 'string',
          'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed cannot be changed' }],
        },
      },
    },
    status: {
      type: 'object',
      properties: {
        phase: TEXT,
        ready: { type: 'boolean' },
        conditions: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          items: { type: 'object', required: ['type'], properties: { type: TEXT, status: TEXT } },
        },
      },
    },
  },
};

/** What stands for the CEL rules. */
export const WIDGET_RULES: readonly Rule[] = [
  {
    id: 'fixed',
    at: 'spec',
    cel: '!has(self.fixed) || !has(oldSelf.fixed) || self.fixed == oldSelf.fixed',
    fieldPath: '.fixed',
    message: 'fixed cannot be changed',
    holds: (self, old) => old === undefined || self.fixed === old.fixed,
  },
];
