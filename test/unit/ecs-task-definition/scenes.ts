import { expect } from 'vitest';
import { ecsTaskDefinition } from '../../../src/kinds/ecs-task-definition/index.ts';
import type { EcsTaskDefinitionSpec } from '../../../src/kinds/ecs-task-definition/schema.ts';
import type { CommonStatus, EcsObject } from '../../../src/reconcile/types.ts';
import { EcsWorld } from '../ecs-cluster/scenes.ts';
import { type Loose, OneObject, type Surroundings } from '../reconcile/one-object.ts';

/** A task definition with nothing more than AWS wants. */
export function running(image: string, more: Partial<EcsTaskDefinitionSpec> = {}): EcsTaskDefinitionSpec {
  return { containerDefinitions: [{ name: 'web', image, memory: 128 }], ...more };
}

export class TaskDefinitionWorld extends EcsWorld {
  /** A revision that a person registers. @returns its ARN. */
  register(image: string, more: object = {}): string {
    const request = { family: 'web', containerDefinitions: [{ name: 'web', image, memory: 128 }], ...more };
    return this.aws('RegisterTaskDefinition', request).taskDefinition.taskDefinitionArn;
  }

  /** The family's ACTIVE revisions, as `web:1`. */
  active(family = 'web'): string[] {
    const { taskDefinitionArns } = this.aws('ListTaskDefinitions', { familyPrefix: family, status: 'ACTIVE' });
    return taskDefinitionArns.map((arn: string) => arn.slice(arn.indexOf('/') + 1));
  }

  tagsOf(taskDefinition: string): Record<string, string> {
    const { tags } = this.aws('DescribeTaskDefinition', { taskDefinition, include: ['TAGS'] });
    return Object.fromEntries(tags.map(({ key, value }: Loose) => [key, value]));
  }
}

export function oneTaskDefinition(world = new TaskDefinitionWorld(), around: Partial<Surroundings> = {}) {
  return new OneObject({ kind: ecsTaskDefinition, around: world.around(around), name: 'web' });
}

export type OneTaskDefinition = ReturnType<typeof oneTaskDefinition>;

/** A task definition that is Ready; what was called until then is forgotten. */
export async function readyTaskDefinition(spec: EcsTaskDefinitionSpec, world = new TaskDefinitionWorld()) {
  const web = oneTaskDefinition(world);
  web.apply(spec);
  await web.converge();
  expect(web.condition('Ready'), JSON.stringify(web.status)).toMatchObject({ status: 'True' });
  web.forget();
  return { web, world };
}

/** Applies one image after the other, each until it is Ready. */
export async function applyAll(
  web: OneTaskDefinition,
  images: readonly string[],
  more: Partial<EcsTaskDefinitionSpec>,
) {
  for (const image of images) {
    web.apply(running(image, more));
    await web.converge();
    expect(web.condition('Ready'), JSON.stringify(web.status)).toMatchObject({ status: 'True' });
  }
}

/** An EcsService that refers to the task definition. */
export function user(
  status: CommonStatus & { taskDefinitionArn?: string; currentTaskDefinitionArn?: string },
  spec: object = {},
): EcsObject {
  return {
    apiVersion: 'ecs-operator.dev/v1alpha1',
    kind: 'EcsService',
    metadata: { name: 'shop', namespace: 'shop', uid: 'uid-of-shop', resourceVersion: '1', generation: 1 },
    spec: { taskDefinitionRef: { name: 'web' }, ...spec },
    status,
  } as EcsObject;
}
