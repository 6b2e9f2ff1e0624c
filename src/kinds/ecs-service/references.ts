import type { Reference, ResolvedReference } from '../../reconcile/kind.ts';
import type { ObjectRef } from '../../reconcile/types.ts';
import { isList, isObject, type Json, type JsonObject } from '../../shape/shape.ts';
import type { EcsServiceSpec } from './schema.ts';

const CLUSTER = 'clusterRef';
const TASK_DEFINITION = 'taskDefinitionRef';
const NAMESPACE = 'serviceConnectConfiguration.namespaceRef';

export type References = ReadonlyMap<string, ResolvedReference>;

/** Everything that a spec refers to. */
export function referencesOf(spec: EcsServiceSpec): readonly Reference[] {
  const found: Reference[] = [];
  const add = (path: string, kind: Reference['kind'], value: unknown) => {
    const ref = objectRef(value);
    if (ref !== undefined) found.push({ path, kind, ...ref });
  };
  add(CLUSTER, 'EcsCluster', spec.clusterRef);
  add(TASK_DEFINITION, 'EcsTaskDefinition', spec.taskDefinitionRef);
  add(NAMESPACE, 'CloudMapNamespace', memberOf(spec.serviceConnectConfiguration, 'namespaceRef'));
  const registries = spec.serviceRegistries;
  if (Array.isArray(registries)) {
    for (const [index, registry] of registries.entries()) {
      add(registryPath(index), 'CloudMapService', memberOf(registry, 'cloudMapServiceRef'));
    }
  }
  return found;
}

export function clusterReference(references: References): ResolvedReference | undefined {
  return references.get(CLUSTER);
}

export function taskDefinitionReference(references: References): ResolvedReference | undefined {
  return references.get(TASK_DEFINITION);
}

/** AWS's part of a spec with what is referred to in the place of the references. */
export function withReferences(spec: JsonObject, references: References): JsonObject {
  const resolved: Record<string, Json> = { ...spec };
  const connect = spec.serviceConnectConfiguration;
  if (isObject(connect) && 'namespaceRef' in connect) {
    const { namespaceRef: _ref, ...rest } = connect;
    const arn = references.get(NAMESPACE)?.arn;
    resolved.serviceConnectConfiguration = arn === undefined ? rest : { ...rest, namespace: arn };
  }
  const registries = spec.serviceRegistries;
  if (isList(registries)) {
    resolved.serviceRegistries = registries.map((registry, index) => {
      if (!isObject(registry) || !('cloudMapServiceRef' in registry)) return registry;
      const { cloudMapServiceRef: _ref, ...rest } = registry;
      const arn = references.get(registryPath(index))?.arn;
      return arn === undefined ? rest : { ...rest, registryArn: arn };
    });
  }
  return resolved;
}

function registryPath(index: number): string {
  return `serviceRegistries[${index}].cloudMapServiceRef`;
}

function objectRef(value: unknown): ObjectRef | undefined {
  const name = memberOf(value, 'name');
  const namespace = memberOf(value, 'namespace');
  if (typeof name !== 'string') return undefined;
  return typeof namespace === 'string' ? { name, namespace } : { name };
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
