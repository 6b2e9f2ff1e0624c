import type { JsonObject } from '../../../../src/shape/shape.ts';

export const service: JsonObject = { taskDefinition: 'web:1' };
export const network: JsonObject = { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } };
export const on = (spec: JsonObject): JsonObject => ({ ...service, ...spec });
export const spot = { capacityProvider: 'FARGATE_SPOT', weight: 1 };
export const group = { capacityProvider: 'my-group', weight: '1', base: 0 };
export const deploy = (spec: JsonObject, more: JsonObject = {}): JsonObject =>
  on({ deploymentConfiguration: spec, ...more });
export const external = { deploymentController: { type: 'EXTERNAL' } };
