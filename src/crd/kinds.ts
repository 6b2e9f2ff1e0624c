import { awsAccountSchema } from '../kinds/aws-account/schema.ts';
import { cloudMapNamespaceSchema } from '../kinds/cloud-map-namespace/schema.ts';
import { cloudMapServiceSchema } from '../kinds/cloud-map-service/schema.ts';
import { ecsClusterSchema } from '../kinds/ecs-cluster/schema.ts';
import { ecsServiceSchema } from '../kinds/ecs-service/schema.ts';
import { ecsTaskDefinitionSchema } from '../kinds/ecs-task-definition/schema.ts';
import type { KindSchema } from '../kinds/schema/kind-schema.ts';

/** Every kind that the operator has, in the order in which their documentation is read. */
export const KIND_SCHEMAS: readonly KindSchema[] = [
  awsAccountSchema,
  ecsClusterSchema,
  ecsTaskDefinitionSchema,
  ecsServiceSchema,
  cloudMapNamespaceSchema,
  cloudMapServiceSchema,
];
