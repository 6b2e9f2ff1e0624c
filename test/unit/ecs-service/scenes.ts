import { expect } from 'vitest';
import type { EcsServiceSpec } from '../../../src/kinds/ecs-service/schema.ts';
import { OneService } from './one-service.ts';

/** A Fargate service with nothing more than AWS wants. */
export const FARGATE: EcsServiceSpec = {
  taskDefinition: 'web:1',
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
};

/** A Fargate task definition of the family `web`. */
export function taskDefinition(image: string) {
  return {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'web', image, portMappings: [{ containerPort: 80, name: 'http' }] }],
  };
}

/** A world with revisions 1 to 3 of `web`. */
export function newService(): OneService {
  return new OneService((call) => {
    for (const image of ['nginx:1', 'nginx:2', 'nginx:3']) call('RegisterTaskDefinition', taskDefinition(image));
  });
}

/** A service that is Ready; what was called until then is forgotten. */
export async function running(spec: EcsServiceSpec = FARGATE, web = newService()): Promise<OneService> {
  web.apply(spec);
  await web.converge();
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  web.forget();
  return web;
}
