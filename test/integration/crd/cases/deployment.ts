import type { RuleCase } from './rule-case.ts';
import { deploy, external, network, on } from './service-base.ts';

export const deploymentCases: readonly RuleCase[] = [
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
