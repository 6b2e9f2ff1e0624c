import type { JsonObject } from '../../../../src/shape/shape.ts';
import { deploymentCases } from './deployment.ts';
import { launchCases } from './launch.ts';
import type { RuleCase } from './rule-case.ts';
import { external, on, service } from './service-base.ts';
import { ecsNameCase, fixedCase, objectNameCase, stayedAwayCase, tagCases } from './shared.ts';
import { taskDefinition, templateCases } from './task-definition.ts';

const cloudMapServiceRef = { name: 'web' };

/** A case about a task definition, as one about the template that holds it. */
function inTemplate(one: RuleCase): RuleCase {
  const wrap = (part: JsonObject): JsonObject => ({ taskDefinitionTemplate: part });
  return { ...one, accepted: one.accepted.map(wrap), refused: one.refused.map(wrap) };
}

export const serviceCases: readonly RuleCase[] = [
  {
    rule: 'no-services-wrapper',
    because: 'a pasted answer of AWS gets one message that says what to paste',
    accepted: [service],
    refused: [{ services: [{ serviceName: 'web', status: 'ACTIVE' }], failures: [] }],
  },
  {
    rule: 'no-service-wrapper',
    because: 'an UpdateService request is no whole service',
    accepted: [service],
    refused: [
      { service: 'web', desiredCount: 3 },
      { service: 'web', taskDefinition: 'web:2' },
    ],
  },
  {
    rule: 'no-force-new-deployment',
    because: 'a spec says what shall be, not what to do',
    accepted: [on({ forceNewDeployment: false }), on({ restartedAt: '2026-11-21T00:00:00Z' })],
    refused: [on({ forceNewDeployment: true })],
  },
  {
    rule: 'one-task-definition',
    because: 'there is no doubt about what runs',
    accepted: [
      service,
      { taskDefinitionRef: { name: 'web' } },
      { taskDefinitionRef: { name: 'web', namespace: 'other', revision: 3 }, taskDefinition: '' },
      { taskDefinitionTemplate: taskDefinition },
      external,
    ],
    refused: [
      {},
      { taskDefinition: '' },
      { taskDefinition: null, taskDefinitionRef: null },
      on({ taskDefinitionRef: { name: 'web' } }),
      { taskDefinitionRef: { name: 'web' }, taskDefinitionTemplate: taskDefinition },
      on({ taskDefinitionTemplate: taskDefinition, ...external }),
    ],
  },
  {
    rule: 'task-definition-fits-aws',
    because: 'AWS would only say that it does not find it, which may pass',
    accepted: [
      { taskDefinition: 'web' },
      { taskDefinition: 'web:136' },
      { taskDefinition: 'arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task-definition/web_A-1:7' },
      { taskDefinition: '', taskDefinitionRef: { name: 'web' } },
    ],
    refused: [
      { taskDefinition: '{{ must_env `TASK` }}' },
      { taskDefinition: 'web:latest' },
      { taskDefinition: 'arn:aws:ecs:eu-central-1:$ACCOUNT:task-definition/web:7' },
    ],
  },
  {
    rule: 'one-cluster',
    because: 'there is no doubt about where it runs',
    accepted: [
      service,
      on({ cluster: 'prod' }),
      on({ clusterRef: { name: 'prod' } }),
      on({ cluster: '', clusterRef: { name: 'prod' } }),
    ],
    refused: [on({ cluster: 'prod', clusterRef: { name: 'prod' } })],
  },
  {
    rule: 'cluster-stays',
    because:
      'a service cannot move; a name and the ARN that ends in it are the same, and a reference is looked at by the operator',
    before: on({ cluster: 'prod' }),
    accepted: [
      on({ cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/prod' }),
      on({ clusterRef: { name: 'prod' } }),
    ],
    refused: [on({ cluster: 'test' }), service, on({ cluster: '' })],
  },
  {
    rule: 'cluster-stays',
    because: 'without a cluster it is in the one called default',
    before: service,
    accepted: [on({ cluster: 'default' }), on({ cluster: '' }), on({ cluster: null })],
    refused: [on({ cluster: 'prod' })],
  },
  {
    rule: 'cluster-ref-stays',
    because: 'a service cannot move',
    before: on({ clusterRef: { name: 'prod', namespace: 'infra' } }),
    accepted: [
      on({ clusterRef: { name: 'prod', namespace: 'infra' } }),
      on({ clusterRef: { name: 'prod' } }),
      on({ cluster: 'prod' }),
    ],
    refused: [
      on({ clusterRef: { name: 'test', namespace: 'infra' } }),
      on({ clusterRef: { name: 'prod', namespace: 'other' } }),
    ],
  },
  ecsNameCase('serviceName', 'service-name-fits-aws', service),
  fixedCase('serviceName', 'service-name-is-fixed', service, ['one', 'two']),
  stayedAwayCase('serviceName', 'service-name-is-fixed', service, 'one'),
  objectNameCase('serviceName', 'object-name-fits-service-name', service),
  fixedCase('role', 'role-is-fixed', service, ['ecsServiceRole', 'other']),
  {
    rule: 'one-registry',
    because: 'AWS takes one',
    accepted: [on({ serviceRegistries: [] }), on({ serviceRegistries: [{ cloudMapServiceRef }] })],
    refused: [
      on({
        serviceRegistries: [
          { cloudMapServiceRef },
          { registryArn: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1' },
        ],
      }),
    ],
  },
  {
    rule: 'registry-target',
    because: 'there is no doubt about where tasks are registered',
    accepted: [
      on({ serviceRegistries: [{ cloudMapServiceRef, registryArn: '' }] }),
      on({ serviceRegistries: [{ registryArn: 'arn:x', cloudMapServiceRef: null }] }),
    ],
    refused: [
      on({ serviceRegistries: [{ containerName: 'web' }] }),
      on({ serviceRegistries: [{ registryArn: 'arn:x', cloudMapServiceRef }] }),
    ],
  },
  {
    rule: 'one-service-connect-namespace',
    because: 'there is no doubt about the namespace',
    accepted: [
      on({ serviceConnectConfiguration: { enabled: true, namespaceRef: { name: 'apps' } } }),
      on({ serviceConnectConfiguration: { enabled: true, namespace: 'apps' } }),
      on({ serviceConnectConfiguration: { enabled: true } }),
      on({ serviceConnectConfiguration: null }),
    ],
    refused: [
      on({ serviceConnectConfiguration: { enabled: true, namespace: 'apps', namespaceRef: { name: 'apps' } } }),
    ],
  },
  ...launchCases,
  ...deploymentCases,
  ...tagCases(service),
  ...templateCases.map(inTemplate),
  {
    rule: 'template-family-is-fixed',
    because: 'another family would be another history',
    before: { taskDefinitionTemplate: { ...taskDefinition, family: 'one' } },
    accepted: [
      { taskDefinitionTemplate: { ...taskDefinition, family: 'one', cpu: 256 } },
      { taskDefinitionRef: { name: 'web' } },
    ],
    refused: [
      { taskDefinitionTemplate: { ...taskDefinition, family: 'two' } },
      { taskDefinitionTemplate: taskDefinition },
    ],
  },
];
