import { beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../../../src/crd/violations.ts';
import { ecsServiceSchema } from '../../../src/kinds/ecs-service/schema.ts';
import { ecsTaskDefinitionSchema } from '../../../src/kinds/ecs-task-definition/schema.ts';
import type { KindSchema } from '../../../src/kinds/schema/kind-schema.ts';
import type { JsonObject } from '../../../src/shape/shape.ts';
import { sharedControlPlane, uniqueName, uniqueNamespace } from '../../harness/control-plane.ts';
import { KindApi, VERBS } from './api.ts';
import { realFiles, realFilesAreThere } from './real-files.ts';
import { NO_TASK_DEFINITION, REFUSED_SERVICES, REFUSED_TASK_DEFINITIONS, type Refusal } from './real-files-refused.ts';

const cluster = sharedControlPlane();
let namespace: string;
beforeAll(async () => {
  namespace = await uniqueNamespace(cluster);
});

describe.runIf(realFilesAreThere)('definitions that people wrote, put under spec', () => {
  const folders = [
    ['task-definitions', ecsTaskDefinitionSchema, REFUSED_TASK_DEFINITIONS],
    ['services', ecsServiceSchema, REFUSED_SERVICES],
  ] as const;

  describe.each(folders)('%s', (folder, kind, refused) => {
    it.each(realFiles(folder))('%s is accepted, or refused with what to do', async (name, spec) => {
      const refusal = refused[name];
      if (refusal === undefined) await expectAccepted(kind, spec);
      else await expectRefused(kind, spec, refusal);
    });
  });

  const withoutTaskDefinition = realFiles('services').filter(([name]) => REFUSED_SERVICES[name] === NO_TASK_DEFINITION);
  it.each(withoutTaskDefinition)('services/%s is accepted with a taskDefinitionRef beside it', async (_name, spec) => {
    await expectAccepted(ecsServiceSchema, { ...spec, taskDefinitionRef: { name: 'web' } });
  });

  const wrapped = realFiles('task-definitions').filter(([, spec]) => 'taskDefinition' in spec);
  it.each(wrapped)('task-definitions/%s is accepted once what is inside the wrapper is pasted', async (_name, spec) => {
    // The text of a template that stands where an image was to be filled in; all else stays as it is.
    const inside = JSON.parse(JSON.stringify(spec.taskDefinition).replaceAll(/\{\{ env [^}]*\}\}/g, 'latest'));
    await expectAccepted(ecsTaskDefinitionSchema, inside);
  });

  const whole = realFiles('task-definitions').filter(([name]) => REFUSED_TASK_DEFINITIONS[name] === undefined);
  it.each(whole)('task-definitions/%s is accepted as the template of a service', async (_name, spec) => {
    await expectAccepted(ecsServiceSchema, { taskDefinitionTemplate: spec });
  });
});

async function expectAccepted(kind: KindSchema, spec: JsonObject): Promise<void> {
  const api = new KindApi({ cluster, kind, namespace });
  for (const verb of VERBS) expect(await api.tryNew(verb, spec)).toMatchObject({ accepted: true });
  expect(violations(kind, api.object(uniqueName(), spec))).toEqual([]);
}

async function expectRefused(kind: KindSchema, spec: JsonObject, { says }: Refusal): Promise<void> {
  const api = new KindApi({ cluster, kind, namespace });
  const [create, apply] = typeof says === 'string' ? [says, says] : says;
  expect((await api.tryNew('create', spec)).message).toContain(create);
  expect((await api.tryNew('server-side apply', spec)).message).toContain(apply);
}
