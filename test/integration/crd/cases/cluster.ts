import type { JsonObject } from '../../../../src/shape/shape.ts';
import type { RuleCase } from './rule-case.ts';
import { ecsNameCase, fixedCase, objectNameCase, stayedAwayCase, tagCases } from './shared.ts';

const exec = (executeCommandConfiguration: JsonObject): JsonObject => ({
  configuration: { executeCommandConfiguration },
});

export const clusterCases: readonly RuleCase[] = [
  {
    rule: 'no-clusters-wrapper',
    because: 'a pasted answer of AWS gets one message that says what to paste',
    accepted: [{}],
    refused: [{ clusters: [{ clusterName: 'prod', status: 'ACTIVE' }], failures: [] }],
  },
  {
    rule: 'no-cluster-wrapper',
    because: 'a pasted answer of AWS gets one message that says what to paste',
    accepted: [{}],
    refused: [{ cluster: { clusterName: 'prod', status: 'ACTIVE' } }],
  },
  ecsNameCase('clusterName', 'cluster-name-fits-aws', {}),
  fixedCase('clusterName', 'cluster-name-is-fixed', { settings: [] }, ['one', 'two']),
  stayedAwayCase('clusterName', 'cluster-name-is-fixed', { settings: [] }, 'one'),
  objectNameCase('clusterName', 'object-name-fits-cluster-name', {}),
  {
    rule: 'strategy-uses-capacity-providers',
    because: 'AWS refuses a strategy of providers that the cluster does not have',
    accepted: [
      { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      { defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      { capacityProviders: null, defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: [] },
    ],
    refused: [
      { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
      { capacityProviders: [], defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
    ],
  },
  {
    rule: 'capacity-providers-named',
    because: 'an item without a name says nothing',
    accepted: [{ defaultCapacityProviderStrategy: [] }],
    refused: [{ defaultCapacityProviderStrategy: [{ capacityProvider: '' }] }],
  },
  {
    rule: 'one-base',
    because: 'AWS refuses two',
    accepted: [
      {
        defaultCapacityProviderStrategy: [
          { capacityProvider: 'a', base: 1 },
          { capacityProvider: 'b', base: '' },
        ],
      },
    ],
    refused: [
      {
        defaultCapacityProviderStrategy: [
          { capacityProvider: 'a', base: 1 },
          { capacityProvider: 'b', base: 1 },
        ],
      },
    ],
  },
  {
    rule: 'one-default-namespace',
    because: 'there is no doubt about the namespace',
    accepted: [
      { serviceConnectDefaults: { namespace: 'apps' } },
      { serviceConnectDefaults: { namespaceRef: { name: 'apps' } } },
      { serviceConnectDefaults: null },
    ],
    refused: [{ serviceConnectDefaults: { namespace: 'apps', namespaceRef: { name: 'apps' } } }],
  },
  {
    rule: 'override-needs-log-configuration',
    because: 'OVERRIDE says that something else is given',
    accepted: [
      exec({ logging: 'OVERRIDE', logConfiguration: { s3BucketName: 'logs' } }),
      exec({ logging: 'NONE' }),
      exec({ logging: '' }),
    ],
    refused: [exec({ logging: 'OVERRIDE' }), exec({ logging: 'OVERRIDE', logConfiguration: null })],
  },
  ...tagCases({}),
];
