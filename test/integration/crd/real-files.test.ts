import { beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../../../src/crd/violations.ts';
import { ecsServiceSchema } from '../../../src/kinds/ecs-service/schema.ts';
import { ecsTaskDefinitionSchema } from '../../../src/kinds/ecs-task-definition/schema.ts';
import type { KindSchema } from '../../../src/kinds/schema/kind-schema.ts';
import type { JsonObject } from '../../../src/shape/shape.ts';
import { sharedControlPlane, uniqueName, uniqueNamespace } from '../../harness/control-plane.ts';
import { KindApi, VERBS } from './api.ts';
import { realFiles, realFilesAreThere } from './real-files.ts';

/** Why a real file is refused: what its message has to say, in each way of sending it where they differ. */
interface Refusal {
  readonly why: string;
  /** Parts of the message. Two of them: of create and of server-side apply, which words unknown members itself. */
  readonly says: string | readonly [create: string, apply: string];
}

const wrapper = (command: string): Refusal => ({
  why: `pasted with its wrapper, as ${command} prints it`,
  says: 'paste what is inside',
});
const skeleton: Refusal = { why: 'a skeleton that nobody filled in', says: 'fill in what is still a placeholder' };
const placeholder: Refusal = {
  why: 'a name that a template was to fill in',
  says: 'fill in what is still a placeholder',
};
const noImage: Refusal = { why: 'images that a pipeline was to fill in', says: 'every container needs an image' };

const REFUSED_TASK_DEFINITIONS: Readonly<Record<string, Refusal>> = {
  '001': skeleton,
  '005': placeholder,
  '016': {
    why: 'a size that Fargate does not have',
    says: 'Fargate needs cpu and memory for the task, in one of these pairs',
  },
  '022': wrapper('describe-task-definition'),
  '026': skeleton,
  '033': noImage,
  '040': wrapper('describe-task-definition'),
  '043': {
    why: 'secretOptions is an object where AWS wants a list',
    says: ['unknown field "spec.containerDefinitions[1].logConfiguration.secretOptions.name"', 'expected list'],
  },
  '045': { why: 'no memory anywhere', says: 'every container needs "memory" or "memoryReservation"' },
  '047': { why: 'placeholders in place of name and port', says: 'containerPort in body should match' },
  '050': { why: 'a placeholder in place of the network mode', says: 'networkMode in body should match' },
  '053': wrapper('describe-task-definition'),
  '056': {
    why: 'inferenceDevices, which AWS has taken away',
    says: ['unknown field "spec.containerDefinitions[0].inferenceDevices"', 'inferenceDevices: field not declared'],
  },
  '064': placeholder,
  '067': noImage,
  '079': wrapper('describe-task-definition'),
  '080': placeholder,
  '085': noImage,
};

const noTaskDefinition: Refusal = {
  why: 'a tool adds the task definition beside it',
  says: 'say what to run, in one of three ways',
};

const REFUSED_SERVICES: Readonly<Record<string, Refusal>> = {
  '001': skeleton,
  '003': skeleton,
  '006': noTaskDefinition,
  '007': { why: 'an UpdateService request', says: '"service" belongs to an UpdateService request' },
  '009': noTaskDefinition,
  '012': noTaskDefinition,
  '014': {
    why: 'enableLogging, which AWS does not know',
    says: ['unknown field "spec.enableLogging"', 'enableLogging: field not declared'],
  },
  '020': { why: 'tags that a template was to fill in', says: 'fill in what is still a placeholder' },
  '023': { why: 'an UpdateService request', says: '"service" belongs to an UpdateService request' },
  '024': {
    why: 'alarmnames instead of alarmNames',
    says: ['unknown field "spec.deploymentConfiguration.alarms.alarmnames"', 'alarmnames: field not declared'],
  },
  '025': noTaskDefinition,
  '026': noTaskDefinition,
  '027': noTaskDefinition,
  '029': noTaskDefinition,
  '031': noTaskDefinition,
  '033': noTaskDefinition,
  '036': noTaskDefinition,
  '039': noTaskDefinition,
  '040': wrapper('describe-services'),
  '041': noTaskDefinition,
  '044': noTaskDefinition,
};

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

  const withoutTaskDefinition = realFiles('services').filter(([name]) => REFUSED_SERVICES[name] === noTaskDefinition);
  it.each(withoutTaskDefinition)('services/%s is accepted with a taskDefinitionRef beside it', async (_name, spec) => {
    await expectAccepted(ecsServiceSchema, { ...spec, taskDefinitionRef: { name: 'web' } });
  });

  const wrapped = realFiles('task-definitions').filter(([, spec]) => 'taskDefinition' in spec);
  it.each(wrapped)('task-definitions/%s is accepted once what is inside the wrapper is pasted', async (_name, spec) => {
    // The wrapper's content is a task definition, by the name of its member.
    const inside = spec.taskDefinition as JsonObject;
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
