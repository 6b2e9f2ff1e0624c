import type { RuleCase } from './rule-case.ts';
import { external, group, network, on, service, spot } from './service-base.ts';
import { fixedCase } from './shared.ts';

export const launchCases: readonly RuleCase[] = [
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
    refused: [on({ launchType: 'EXTERNAL' })],
  },
  {
    rule: 'launch-type-has-a-successor',
    because: 'a launch type is not taken away without capacity providers in its place',
    before: on({ launchType: 'EC2' }),
    accepted: [on({ launchType: 'EC2' }), on({ capacityProviderStrategy: [group] })],
    refused: [
      service,
      on({ launchType: null }),
      on({ launchType: '' }),
      on({ launchType: '', capacityProviderStrategy: [] }),
    ],
  },
  {
    rule: 'launch-type-has-a-successor',
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
