import type { Cluster, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Service as CloudMapService, Namespace } from '@aws-sdk/client-servicediscovery';
import { fromAws } from './aws-names.ts';
import type { JsonObject } from './shape.ts';
import { cloudMapNamespaceShape, cloudMapServiceShape, clusterShape, taskDefinitionShape } from './shapes.ts';

/** A described task definition as the request that would register it again; its tags AWS prints beside it. */
export function requestFromDescription(described: TaskDefinition): JsonObject {
  return fromAws(described, taskDefinitionShape);
}

/** A described cluster (asked for with SETTINGS, CONFIGURATIONS and TAGS) as the request that would make it. */
export function clusterFromDescription(cluster: Cluster): JsonObject {
  return fromAws(cluster, clusterShape);
}

/** A Cloud Map namespace, as GetNamespace answers, as the request that would make it. Its VPC AWS never tells. */
export function namespaceFromDescription(namespace: Namespace, tags: readonly Tag[] = []): JsonObject {
  return fromAws({ ...namespace, Tags: tags }, cloudMapNamespaceShape);
}

/** A Cloud Map service, as GetService answers, as the request that would make it. */
export function cloudMapServiceFromDescription(service: CloudMapService, tags: readonly Tag[] = []): JsonObject {
  return fromAws({ ...service, Tags: tags }, cloudMapServiceShape);
}
