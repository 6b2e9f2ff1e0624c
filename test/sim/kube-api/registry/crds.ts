import type { JsonSchema } from '../../../../src/kinds/schema/json-schema.ts';
import type { Rule } from '../../../../src/kinds/schema/kind-schema.ts';
import { type FieldError, invalidValue } from '../field-error.ts';
import { at, isObject, type Json, type JsonObject, listAt, objectAt, sameJson, textAt, withMember } from '../json.ts';
import { builtinResource } from './builtin-resource.ts';
import { CustomResource } from './custom-resource.ts';
import type { ScalePaths } from './resource.ts';

export const CRD_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';
const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } as const;

/** CustomResourceDefinitions, as objects. Their schemas are taken as they are. */
export const CRDS = builtinResource({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
  properties: { spec: ANYTHING, status: ANYTHING },
  prepareCreate: (object) => ({
    ...object,
    metadata: { ...objectAt(object, 'metadata'), generation: 1 },
    status: { conditions: [], storedVersions: storedVersions(object), acceptedNames: { kind: '', plural: '' } },
  }),
  prepareUpdate: (object, old) => {
    const next = withMember(object, 'status', old.status);
    if (sameJson(next.spec, old.spec)) return next;
    const generation = at(old, 'metadata', 'generation');
    const grown = (typeof generation === 'number' ? generation : 0) + 1;
    return { ...next, metadata: { ...objectAt(next, 'metadata'), generation: grown } };
  },
  createErrors: nameErrors,
  updateErrors: nameErrors,
});

function storedVersions(crd: JsonObject): readonly string[] {
  return versions(crd).flatMap((version) => (version.storage === true ? [textAt(version, 'name') ?? ''] : []));
}

function nameErrors(crd: JsonObject): readonly FieldError[] {
  const name = textAt(crd, 'metadata', 'name') ?? '';
  const wanted = `${textAt(crd, 'spec', 'names', 'plural')}.${textAt(crd, 'spec', 'group')}`;
  return name === wanted ? [] : [invalidValue('metadata.name', name, `must be spec.names.plural+"."+spec.group`)];
}

function versions(crd: JsonObject): readonly JsonObject[] {
  return listAt(crd, 'spec', 'versions').filter((version) => isObject(version));
}

/** The schema of the version that is served; only the first one is. */
function schemaOf(crd: JsonObject): JsonSchema {
  // Safe: what a CRD holds there is a schema, or the real API server would not have taken it.
  return (objectAt(versions(crd)[0], 'schema', 'openAPIV3Schema') ?? { type: 'object' }) as JsonSchema;
}

/** The resource type that a CRD defines. To compile a schema takes long, so one is made for all that share it. */
export function customResourceOf(crd: JsonObject, rules: readonly Rule[]): CustomResource {
  const spec = objectAt(crd, 'spec') ?? {};
  const known = compiled.get(spec);
  if (known !== undefined && known.rules === rules) return known.resource;
  const resource = compile(crd, rules);
  compiled.set(spec, { rules, resource });
  return resource;
}

const compiled = new WeakMap<JsonObject, { readonly rules: readonly Rule[]; readonly resource: CustomResource }>();

function compile(crd: JsonObject, rules: readonly Rule[]): CustomResource {
  const [version = {}] = versions(crd);
  const subresources = objectAt(version, 'subresources') ?? {};
  return new CustomResource({
    group: textAt(crd, 'spec', 'group') ?? '',
    version: textAt(version, 'name') ?? '',
    kind: textAt(crd, 'spec', 'names', 'kind') ?? '',
    plural: textAt(crd, 'spec', 'names', 'plural') ?? '',
    namespaced: textAt(crd, 'spec', 'scope') === 'Namespaced',
    schema: schemaOf(crd),
    status: isObject(subresources.status),
    scale: scalePaths(subresources.scale),
    rules,
  });
}

function scalePaths(scale: Json | undefined): ScalePaths | undefined {
  if (!isObject(scale)) return undefined;
  const path = (name: string) => textAt(scale, name)?.replace(/^\./, '').split('.');
  return {
    spec: path('specReplicasPath') ?? [],
    status: path('statusReplicasPath') ?? [],
    selector: path('labelSelectorPath'),
  };
}

export function hasCondition(crd: JsonObject, type: string): boolean {
  return listAt(crd, 'status', 'conditions').some(
    (condition) => at(condition, 'type') === type && at(condition, 'status') === 'True',
  );
}

/** A CRD with a condition set. */
export function withCondition(
  crd: JsonObject,
  condition: { readonly type: string; readonly status: string; readonly reason: string; readonly message: string },
  time: string,
): JsonObject {
  const all = listAt(crd, 'status', 'conditions');
  const old = all.find((one) => at(one, 'type') === condition.type);
  const isSame = at(old, 'status') === condition.status;
  const changed = { ...condition, lastTransitionTime: isSame ? (textAt(old, 'lastTransitionTime') ?? time) : time };
  const conditions = old === undefined ? [...all, changed] : all.map((one) => (one === old ? changed : one));
  return { ...crd, status: { ...objectAt(crd, 'status'), conditions } };
}
