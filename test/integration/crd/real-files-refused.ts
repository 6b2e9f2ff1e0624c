/** Why a real file is refused: what its message has to say, in each way of sending it where they differ. */
export interface Refusal {
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
const image: Refusal = {
  why: 'images that a pipeline or a template was to fill in',
  says: 'an image may have only letters, digits and _ . : / @ # - (fill in what is still a placeholder)',
};
const noImage: Refusal = { why: 'images that a pipeline was to fill in', says: 'every container needs an image' };

export const REFUSED_TASK_DEFINITIONS: Readonly<Record<string, Refusal>> = {
  '001': skeleton,
  '005': placeholder,
  '007': image,
  '016': {
    why: 'a size that Fargate does not have',
    says: 'Fargate needs cpu and memory for the task, in one of these pairs',
  },
  '021': image,
  '022': wrapper('describe-task-definition'),
  '026': skeleton,
  '031': image,
  '033': noImage,
  '037': image,
  '039': image,
  '040': wrapper('describe-task-definition'),
  '043': {
    why: 'secretOptions is an object where AWS wants a list',
    says: ['unknown field "spec.containerDefinitions[1].logConfiguration.secretOptions.name"', 'expected list'],
  },
  '045': { why: 'no memory anywhere', says: 'every container needs "memory" or "memoryReservation"' },
  '047': { why: 'placeholders in place of name and port', says: 'containerPort in body should match' },
  '049': image,
  '050': { why: 'a placeholder in place of the network mode', says: 'networkMode in body should match' },
  '051': image,
  '053': wrapper('describe-task-definition'),
  '054': image,
  '056': {
    why: 'inferenceDevices, which AWS has taken away',
    says: ['unknown field "spec.containerDefinitions[0].inferenceDevices"', 'inferenceDevices: field not declared'],
  },
  '064': placeholder,
  '065': image,
  '067': noImage,
  '068': image,
  '069': image,
  '072': image,
  '074': image,
  '079': wrapper('describe-task-definition'),
  '080': placeholder,
  '085': noImage,
  '092': image,
};

/** Tools like ecspresso keep the task definition beside the service: accepted once one is referred to. */
export const NO_TASK_DEFINITION: Refusal = {
  why: 'a tool adds the task definition beside it',
  says: 'say what to run, in one of three ways',
};

export const REFUSED_SERVICES: Readonly<Record<string, Refusal>> = {
  '001': skeleton,
  '003': skeleton,
  '006': NO_TASK_DEFINITION,
  '007': { why: 'an UpdateService request', says: '"service" belongs to an UpdateService request' },
  '009': NO_TASK_DEFINITION,
  '012': NO_TASK_DEFINITION,
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
  '025': NO_TASK_DEFINITION,
  '026': NO_TASK_DEFINITION,
  '027': NO_TASK_DEFINITION,
  '029': NO_TASK_DEFINITION,
  '031': NO_TASK_DEFINITION,
  '033': NO_TASK_DEFINITION,
  '036': NO_TASK_DEFINITION,
  '039': NO_TASK_DEFINITION,
  '040': wrapper('describe-services'),
  '041': NO_TASK_DEFINITION,
  '043': { why: 'an ARN that a template was to fill in', says: 'taskDefinition is a family, family:revision or ARN' },
  '044': NO_TASK_DEFINITION,
};
