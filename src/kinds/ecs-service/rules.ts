import type { JsonObject } from '../../shape/shape.ts';
import { taskDefinitionRules } from '../ecs-task-definition/rules.ts';
import { celGiven, celRegex, celSame, celText } from '../schema/cel.ts';
import { notBothRule, wrapperRule } from '../schema/choice-rules.ts';
import { fixedRefRule, fixedRule } from '../schema/fixed-rules.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { ecsNameRule, ecsObjectNameRule } from '../schema/name-rules.ts';
import { tagRules } from '../schema/tag-rules.ts';
import { asText, given, inside, objects } from '../schema/values.ts';
import { deploymentRules } from './deployment-rules.ts';
import { launchRules } from './launch-rules.ts';

const SOURCES = ['taskDefinition', 'taskDefinitionRef', 'taskDefinitionTemplate'] as const;
/** Another rule says what is wrong with these, so that one mistake gives one message. */
const isAnotherThing = (self: JsonObject) =>
  ['services', 'service'].some((name) => self[name] !== undefined && self[name] !== null);
/** A family, family:revision, or the ARN of either. */
const TASK_DEFINITION =
  /^(arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:task-definition\/)?[a-zA-Z0-9_-]{1,255}(:[0-9]{1,10})?$/;
const isExternal = (self: JsonObject) => asText(inside(self, 'deploymentController'), 'type') === 'EXTERNAL';

const sourceCount = SOURCES.map((member) => `(${celGiven(member)} ? 1 : 0)`).join(' + ');
const celExternal = `${celText('deploymentController.type')} == 'EXTERNAL'`;

/** What AWS asks of a service, as far as it can be known when it is applied. */
export const serviceRules: readonly Rule[] = [
  wrapperRule(
    'spec',
    'services',
    'this is the answer of describe-services: paste what is inside "services", one object for each of them',
  ),
  wrapperRule(
    'spec',
    'service',
    '"service" belongs to an UpdateService request, which is no whole service: write the service that you want, with serviceName',
  ),
  {
    id: 'no-force-new-deployment',
    at: 'spec',
    fieldPath: '.forceNewDeployment',
    cel: '!has(self.forceNewDeployment) || !self.forceNewDeployment',
    message: 'forceNewDeployment is a command, not a state: set restartedAt to the present time to replace all tasks',
    holds: (self) => self.forceNewDeployment !== true,
  },
  {
    id: 'one-task-definition',
    at: 'spec',
    cel: `(${sourceCount}) == 1 || has(self.services) || has(self.service) || ((${sourceCount}) == 0 && ${celExternal})`,
    message:
      'say what to run, in one of three ways: taskDefinitionRef (an EcsTaskDefinition), taskDefinitionTemplate (a task definition right here) or taskDefinition (a family, family:revision or ARN in AWS)',
    holds: (self) => {
      const count = SOURCES.filter((member) => given(self, member)).length;
      return isAnotherThing(self) || count === 1 || (count === 0 && isExternal(self));
    },
  },
  {
    id: 'task-definition-fits-aws',
    at: 'spec',
    fieldPath: '.taskDefinition',
    cel: `!has(self.taskDefinition) || self.taskDefinition == '' || self.taskDefinition.matches(${celRegex(TASK_DEFINITION)})`,
    message:
      'taskDefinition is a family, family:revision or ARN in AWS (fill in what is still a placeholder); for an EcsTaskDefinition use taskDefinitionRef',
    holds: (self) => !given(self, 'taskDefinition') || TASK_DEFINITION.test(asText(self, 'taskDefinition')),
  },
  notBothRule({
    id: 'one-cluster',
    at: 'spec',
    members: ['cluster', 'clusterRef'],
    message:
      'give clusterRef (an EcsCluster) or cluster (a name or ARN in AWS), not both; without any it is the cluster "default"',
  }),
  ...clusterStaysRules(),
  ecsNameRule({ member: 'serviceName', at: 'spec' }),
  fixedRule({ member: 'serviceName' }),
  ecsObjectNameRule('serviceName'),
  fixedRule({ member: 'role' }),
  ...registryRules(),
  notBothRule({
    id: 'one-service-connect-namespace',
    at: 'spec.serviceConnectConfiguration',
    members: ['namespace', 'namespaceRef'],
    message: 'give namespaceRef (a CloudMapNamespace) or namespace (a name or ARN in AWS), not both',
  }),
  ...launchRules,
  ...deploymentRules,
  ...tagRules('spec'),
  ...taskDefinitionRules('spec.taskDefinitionTemplate'),
  {
    ...fixedRule({
      member: 'family',
      at: 'spec.taskDefinitionTemplate',
      message: 'the family of taskDefinitionTemplate cannot be changed, added or taken away: put the former value back',
    }),
    id: 'template-family-is-fixed',
  },
];

function clusterStaysRules(): readonly Rule[] {
  // Without either member AWS takes the cluster called default.
  const name = (side: string) =>
    `(${celText('cluster', side)} != '' ? ${side}.cluster.substring(${side}.cluster.lastIndexOf('/') + 1) : 'default')`;
  const nameOf = (self: JsonObject | undefined) => {
    const cluster = asText(self, 'cluster');
    return cluster === '' ? 'default' : cluster.slice(cluster.lastIndexOf('/') + 1);
  };
  return [
    {
      id: 'cluster-stays',
      at: 'spec',
      fieldPath: '.cluster',
      cel: `${celSame('cluster')} || has(self.clusterRef) || has(oldSelf.clusterRef) || ${name('self')} == ${name('oldSelf')}`,
      message:
        'a service cannot move to another cluster (without cluster it is in "default"): put the former value back, or delete this object and make another',
      holds: (self, old) =>
        inside(self, 'clusterRef') !== undefined ||
        inside(old, 'clusterRef') !== undefined ||
        nameOf(self) === nameOf(old),
    },
    fixedRefRule(
      'clusterRef',
      'a service cannot move to another cluster: put the former clusterRef back, or delete this object and make another',
    ),
  ];
}

function registryRules(): readonly Rule[] {
  return [
    {
      id: 'one-registry',
      at: 'spec',
      fieldPath: '.serviceRegistries',
      cel: '!has(self.serviceRegistries) || self.serviceRegistries.size() <= 1',
      message: 'AWS takes one service registry for a service: keep one item',
      holds: (self) => objects(self, 'serviceRegistries').length <= 1,
    },
    {
      id: 'registry-target',
      at: 'spec',
      fieldPath: '.serviceRegistries',
      cel: `!has(self.serviceRegistries) || self.serviceRegistries.all(r, (${celText('registryArn', 'r')} != '') != has(r.cloudMapServiceRef))`,
      message: 'a service registry needs cloudMapServiceRef (a CloudMapService) or registryArn, one of the two',
      holds: (self) =>
        objects(self, 'serviceRegistries').every(
          (registry) => given(registry, 'registryArn') !== given(registry, 'cloudMapServiceRef'),
        ),
    },
  ];
}
