import {
  Cluster$,
  CreateClusterRequest$,
  CreateServiceRequest$,
  RegisterTaskDefinitionRequest$,
  Service$,
  TaskDefinition$,
} from '@aws-sdk/client-ecs';
import {
  Service$ as CloudMapService$,
  CreateServiceRequest$ as CreateCloudMapServiceRequest$,
  CreateHttpNamespaceRequest$,
  CreatePrivateDnsNamespaceRequest$,
  CreatePublicDnsNamespaceRequest$,
  Namespace$,
} from '@aws-sdk/client-servicediscovery';
import { cloudMapOverlay } from './cloud-map-overlay.ts';
import { ecsOverlay } from './ecs-overlay.ts';
import { mergeStructures, shapeFromSdk, withDescribed } from './sdk.ts';

/** AWS's part of an EcsTaskDefinition's spec, and of an EcsService's `taskDefinitionTemplate`. */
export const taskDefinitionShape = withDescribed(
  shapeFromSdk(RegisterTaskDefinitionRequest$, ecsOverlay),
  TaskDefinition$,
);

/** AWS's part of an EcsService's spec. */
export const serviceShape = withDescribed(shapeFromSdk(CreateServiceRequest$, ecsOverlay), Service$);

/** AWS's part of an EcsCluster's spec. */
export const clusterShape = withDescribed(shapeFromSdk(CreateClusterRequest$, ecsOverlay), Cluster$);

/** AWS's part of a CloudMapNamespace's spec: what any of the three kinds of namespace takes. `type` is ours. */
export const cloudMapNamespaceShape = withDescribed(
  mergeStructures('CloudMapNamespace', [
    shapeFromSdk(CreateHttpNamespaceRequest$, cloudMapOverlay),
    shapeFromSdk(CreatePrivateDnsNamespaceRequest$, cloudMapOverlay),
    shapeFromSdk(CreatePublicDnsNamespaceRequest$, cloudMapOverlay),
  ]),
  Namespace$,
  ['type'],
);

/** AWS's part of a CloudMapService's spec. */
export const cloudMapServiceShape = withDescribed(
  shapeFromSdk(CreateCloudMapServiceRequest$, cloudMapOverlay),
  CloudMapService$,
);
