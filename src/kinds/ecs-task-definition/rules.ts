import { isObject } from '../../shape/shape.ts';
import { celRegex, celText } from '../schema/cel.ts';
import { wrapperRule } from '../schema/choice-rules.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { ecsNameRule } from '../schema/name-rules.ts';
import { tagRules } from '../schema/tag-rules.ts';
import { asText, given, items, objects } from '../schema/values.ts';
import { fargateSizeRule } from './fargate-rule.ts';

const CONTAINER_NAME = /^[a-zA-Z0-9_-]{1,255}$/;
/** What RegisterTaskDefinition takes; its "Container.image contains invalid characters." does not say which. */
const IMAGE = /^[a-zA-Z0-9_.:/@#-]*$/;
/** True while the member is not there: other rules say so then. */
const EVERY_CONTAINER = '!has(self.containerDefinitions) || self.containerDefinitions.all(c, ';
/**
 * The same with one access to the spec less where there are containers. In CEL an error (the member is absent) gives
 * way to what is true on the other side of `||`.
 */
const everyContainer = (holds: string) =>
  `self.containerDefinitions.all(c, ${holds}) || !has(self.containerDefinitions)`;
const celAboveZero = (member: string) => `(has(c.${member}) && !(string(c.${member}) in ['', '0']))`;

/**
 * What AWS asks of a task definition, as far as it can be known when it is applied. The same under an
 * EcsTaskDefinition's `spec` and an EcsService's `spec.taskDefinitionTemplate`.
 */
export function taskDefinitionRules(at: string): readonly Rule[] {
  return [
    wrapperRule(
      at,
      'taskDefinition',
      'this is the answer of describe-task-definition or register-task-definition: paste what is inside "taskDefinition", without that wrapper',
    ),
    {
      id: 'has-containers',
      at,
      cel: 'self.?containerDefinitions.orValue([]).size() > 0 || has(self.taskDefinition)',
      message: 'containerDefinitions is missing: a task definition needs at least one container',
      holds: (self) => isObject(self.taskDefinition) || items(self, 'containerDefinitions').length > 0,
    },
    ...containerRules(at),
    ...fargateRules(at),
    ecsNameRule({ member: 'family', at }),
    ...tagRules(at),
  ];
}

function containerRules(at: string): readonly Rule[] {
  const fieldPath = '.containerDefinitions';
  return [
    {
      id: 'one-container-essential',
      at,
      fieldPath,
      cel: '!has(self.containerDefinitions) || self.containerDefinitions.size() == 0 || self.containerDefinitions.exists(c, c.?essential.orValue(true))',
      message: 'at least one container has to be essential: leave "essential" out, or set it to true, in one of them',
      holds: (self) => {
        const containers = objects(self, 'containerDefinitions');
        return containers.length === 0 || containers.some((container) => container.essential !== false);
      },
    },
    {
      id: 'container-names-fit-aws',
      at,
      fieldPath,
      cel: `${EVERY_CONTAINER}c.name.matches(${celRegex(CONTAINER_NAME)}))`,
      message:
        'the name of a container may have 1 to 255 letters, digits, hyphens and underscores (fill in what is still a placeholder)',
      holds: (self) =>
        objects(self, 'containerDefinitions').every((container) => CONTAINER_NAME.test(asText(container, 'name'))),
    },
    {
      id: 'containers-have-images',
      at,
      fieldPath,
      cel: `${EVERY_CONTAINER}${celText('image', 'c')} != '')`,
      message: 'every container needs an image: fill in "image" where it is empty or missing',
      holds: (self) => objects(self, 'containerDefinitions').every((container) => given(container, 'image')),
    },
    {
      id: 'images-fit-aws',
      at,
      fieldPath,
      cel: `${EVERY_CONTAINER}c.image.matches(${celRegex(IMAGE)}) || !has(c.image))`,
      message: 'an image may have only letters, digits and _ . : / @ # - (fill in what is still a placeholder)',
      holds: (self) =>
        objects(self, 'containerDefinitions').every((container) => IMAGE.test(asText(container, 'image'))),
    },
    {
      id: 'containers-have-memory',
      at,
      fieldPath,
      cel: `${celText('memory')} != '' || ${everyContainer(`${celAboveZero('memory')} || ${celAboveZero('memoryReservation')}`)}`,
      message:
        'without "memory" for the whole task, every container needs "memory" or "memoryReservation" (MiB, above 0)',
      holds: (self) =>
        given(self, 'memory') ||
        objects(self, 'containerDefinitions').every((container) =>
          ['memory', 'memoryReservation'].some((name) => !['', '0'].includes(asText(container, name))),
        ),
    },
    {
      id: 'awsvpc-host-ports-equal',
      at,
      fieldPath,
      cel: `${celText('networkMode')} != 'awsvpc' || ${everyContainer("c.portMappings.all(p, !has(p.hostPort) || !has(p.containerPort) || p.hostPort == '' || string(p.hostPort) == '0' || string(p.hostPort) == string(p.containerPort)) || !has(c.portMappings)")}`,
      message: 'with networkMode awsvpc, hostPort has to equal containerPort: leave hostPort out, AWS fills it in',
      holds: (self) =>
        self.networkMode !== 'awsvpc' ||
        objects(self, 'containerDefinitions').every((container) => objects(container, 'portMappings').every(portsFit)),
    },
    {
      id: 'dependencies-exist',
      at,
      fieldPath,
      cel: `${EVERY_CONTAINER}!has(c.dependsOn) || c.dependsOn.all(d, !has(d.containerName) || self.containerDefinitions.exists(o, o.name == d.containerName)))`,
      message: 'dependsOn has to name a container of the same task definition',
      holds: (self) => {
        const containers = objects(self, 'containerDefinitions');
        return containers.every((container) =>
          objects(container, 'dependsOn').every(
            (dependency) =>
              dependency.containerName === undefined ||
              dependency.containerName === null ||
              containers.some((other) => other.name === dependency.containerName),
          ),
        );
      },
    },
  ];
}

function portsFit(mapping: Parameters<typeof asText>[0]): boolean {
  const host = asText(mapping, 'hostPort');
  const containerPort = mapping?.containerPort;
  if (host === '' || host === '0' || containerPort === undefined || containerPort === null) return true;
  return host === asText(mapping, 'containerPort');
}

function fargateRules(at: string): readonly Rule[] {
  return [
    {
      id: 'fargate-needs-awsvpc',
      at,
      fieldPath: '.networkMode',
      cel: `${celText('networkMode')} == 'awsvpc' || !has(self.requiresCompatibilities) || !self.requiresCompatibilities.exists(r, r == 'FARGATE')`,
      message: 'Fargate needs networkMode: awsvpc (without networkMode AWS takes bridge, which Fargate does not have)',
      holds: (self) => !items(self, 'requiresCompatibilities').includes('FARGATE') || self.networkMode === 'awsvpc',
    },
    fargateSizeRule(at),
  ];
}
