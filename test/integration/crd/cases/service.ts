import type { JsonObject } from '../../../../src/shape/shape.ts';
import type { RuleCase } from './rule-case.ts';
import { ecsNameCase, fixedCase, objectNameCase, stayedAwayCase, tagCases } from './shared.ts';
import { taskDefinition, templateCases } from './task-definition.ts';

const service: JsonObject = { taskDefinition: 'web:1' };
const network: JsonObject = { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } };
const on = (spec: JsonObject): JsonObject => ({ ...service, ...spec });
const spot = { capacityProvider: 'FARGATE_SPOT', weight: 1 };
const group = { capacityProvider: 'my-group', weight: '1', base: 0 };
const deploy = (spec: JsonObject, more: JsonObject = {}): JsonObject => on({ deploymentConfiguration: spec, ...more });
const external = { deploymentController: { type: 'EXTERNAL' } };
const cloudMapServiceRef = { name: 'web' };

/** A case about a task definition, as one about the template that holds it. */
function inTemplate(one: RuleCase): RuleCase {
  const wrap = (part: JsonObject): JsonObject => ({ taskDefinitionTemplate: part });
  return { ...one, accepted: one.accepted.map(wrap), refused: one.refused.map(wrap) };
}

const launchCases: readonly RuleCase[] = [
  {
    rule: 'launch-type-or-capacity-providers',
    because: 'AWS takes one of the two',
    accepted: [
      on({ launchType: 'EC2' }),
      on({ capacityProviderStrategy: [group] }),
      on({ launchType: '', capacityProviderStrategy: [group] }),
      on({ launchType: 'EC2', capacityProviderStrategy: [] }),
    ],
    refused: [on({ launchType: 'EC2', capacityProviderStrategy: [group] })],
  },
  {
    rule: 'launch-type-stays',
    because: 'a launch type is only left for capacity providers',
    before: on({ launchType: 'EC2' }),
    accepted: [on({ launchType: 'EC2' }), on({ capacityProviderStrategy: [group] })],
    refused: [on({ launchType: 'EXTERNAL' }), service, on({ launchType: null }), on({ launchType: '' })],
  },
  {
    rule: 'launch-type-stays',
    because: 'an empty strategy goes back to the launch type',
    before: on({ capacityProviderStrategy: [group] }),
    accepted: [on({ launchType: 'EC2', capacityProviderStrategy: [] }), on({ launchType: 'EC2' }), service],
    refused: [],
  },
  fixedCase('schedulingStrategy', 'scheduling-strategy-is-fixed', service, ['DAEMON', 'REPLICA']),
  {
    rule: 'scheduling-strategy-is-fixed',
    because: 'left out, it is REPLICA',
    before: service,
    accepted: [service, on({ schedulingStrategy: 'REPLICA' }), on({ schedulingStrategy: '' })],
    refused: [on({ schedulingStrategy: 'DAEMON' })],
  },
  {
    rule: 'daemon-has-no-count',
    because: 'the container instances give the count',
    accepted: [on({ schedulingStrategy: 'DAEMON' }), on({ desiredCount: 0 })],
    refused: [
      on({ schedulingStrategy: 'DAEMON', desiredCount: 1 }),
      on({ schedulingStrategy: 'DAEMON', desiredCount: 0 }),
    ],
  },
  {
    rule: 'daemon-not-on-fargate',
    because: 'Fargate has no instances to run a daemon on',
    accepted: [on({ schedulingStrategy: 'DAEMON', launchType: 'EC2' }), on({ launchType: 'FARGATE', ...network })],
    refused: [
      on({ schedulingStrategy: 'DAEMON', launchType: 'FARGATE', ...network }),
      on({ schedulingStrategy: 'DAEMON', capacityProviderStrategy: [spot], ...network }),
    ],
  },
  {
    rule: 'daemon-needs-ecs-controller',
    because: 'AWS refuses other controllers',
    accepted: [
      on({ schedulingStrategy: 'DAEMON', deploymentController: { type: 'ECS' } }),
      on({ deploymentController: { type: 'CODE_DEPLOY' } }),
    ],
    refused: [
      on({ schedulingStrategy: 'DAEMON', deploymentController: { type: 'CODE_DEPLOY' } }),
      on({ schedulingStrategy: 'DAEMON', ...external }),
    ],
  },
  {
    rule: 'daemon-has-no-placement-strategy',
    because: 'a daemon is placed everywhere',
    accepted: [
      on({ schedulingStrategy: 'DAEMON', placementStrategy: [], placementConstraints: [{ type: 'distinctInstance' }] }),
      on({ placementStrategy: [{ type: 'random' }] }),
    ],
    refused: [on({ schedulingStrategy: 'DAEMON', placementStrategy: [{ type: 'random' }] })],
  },
  {
    rule: 'fargate-needs-subnets',
    because: 'Fargate tasks have a network interface of their own',
    accepted: [
      on({ launchType: 'FARGATE', ...network }),
      on({ launchType: 'EC2' }),
      on({ launchType: 'FARGATE', ...external }),
    ],
    refused: [
      on({ launchType: 'FARGATE' }),
      on({ capacityProviderStrategy: [spot] }),
      on({ launchType: 'FARGATE', networkConfiguration: null }),
      on({ launchType: 'FARGATE', networkConfiguration: { awsvpcConfiguration: { subnets: [] } } }),
    ],
  },
  {
    rule: 'capacity-providers-named',
    because: 'an item without a name says nothing',
    accepted: [on({ capacityProviderStrategy: [group] }), on({ capacityProviderStrategy: [] })],
    refused: [
      on({ capacityProviderStrategy: [{ capacityProvider: '', weight: 0 }] }),
      on({ capacityProviderStrategy: [{ capacityProvider: null }] }),
    ],
  },
  {
    rule: 'one-base',
    because: 'AWS refuses two',
    accepted: [
      on({
        capacityProviderStrategy: [
          { ...group, base: 1 },
          { capacityProvider: 'b', base: '0' },
          { capacityProvider: 'c', base: null },
        ],
      }),
    ],
    refused: [
      on({
        capacityProviderStrategy: [
          { ...group, base: 1 },
          { capacityProvider: 'b', base: '2' },
        ],
      }),
    ],
  },
];

const deploymentCases: readonly RuleCase[] = [
  {
    rule: 'minimum-healthy-percent-in-range',
    because: 'more than all cannot be healthy',
    accepted: [
      deploy({ minimumHealthyPercent: 0 }),
      deploy({ minimumHealthyPercent: '100', maximumPercent: '200' }),
      deploy({ minimumHealthyPercent: '' }),
    ],
    refused: [deploy({ minimumHealthyPercent: 101 }), deploy({ minimumHealthyPercent: '150', maximumPercent: 200 })],
  },
  {
    rule: 'percents-leave-room',
    because: 'a rollout that can never begin is told before it hangs',
    accepted: [
      deploy({ minimumHealthyPercent: 50, maximumPercent: '100' }),
      deploy({ minimumHealthyPercent: 0, maximumPercent: 0 }),
      deploy({ minimumHealthyPercent: 100, maximumPercent: null }),
      deploy({ minimumHealthyPercent: 100, maximumPercent: 100 }, { deploymentController: { type: 'CODE_DEPLOY' } }),
    ],
    refused: [
      deploy({ minimumHealthyPercent: 100, maximumPercent: 100 }),
      deploy({ minimumHealthyPercent: '75', maximumPercent: '50' }),
    ],
  },
  {
    rule: 'rebalancing-needs-replicas',
    because: 'AWS refuses it there',
    accepted: [
      on({ availabilityZoneRebalancing: 'ENABLED' }),
      on({ availabilityZoneRebalancing: 'DISABLED', schedulingStrategy: 'DAEMON' }),
    ],
    refused: [
      on({ availabilityZoneRebalancing: 'ENABLED', schedulingStrategy: 'DAEMON' }),
      on({ availabilityZoneRebalancing: 'ENABLED', ...external }),
    ],
  },
  {
    rule: 'rebalancing-needs-room',
    because: 'tasks move by being started first',
    accepted: [
      deploy({ maximumPercent: 150 }, { availabilityZoneRebalancing: 'ENABLED' }),
      deploy({ maximumPercent: 100 }),
    ],
    refused: [
      deploy({ maximumPercent: 100 }, { availabilityZoneRebalancing: 'ENABLED' }),
      deploy({ maximumPercent: '100' }, { availabilityZoneRebalancing: 'ENABLED' }),
    ],
  },
  {
    rule: 'platform-version-is-fargate',
    because: 'AWS refuses it elsewhere',
    accepted: [
      on({ platformVersion: 'LATEST', launchType: 'FARGATE', ...network }),
      on({ platformVersion: '1.4.0' }),
      on({ platformVersion: '', launchType: 'EC2' }),
    ],
    refused: [
      on({ platformVersion: 'LATEST', launchType: 'EC2' }),
      on({ platformVersion: '1.4.0', launchType: 'EXTERNAL' }),
    ],
  },
];

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
