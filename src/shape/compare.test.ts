import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalValue } from '../../test/shape/arbitrary-value.ts';
import { describedService, describedTaskDefinition } from '../../test/shape/describe-as-aws.ts';
import { cloudMapRules } from './cloud-map-rules.ts';
import { compareDeclared, type Difference, printDifference } from './compare.ts';
import { ecsRules } from './ecs-rules.ts';
import type { JsonObject } from './shape.ts';
import { cloudMapServiceShape, clusterShape, serviceShape, taskDefinitionShape } from './shapes.ts';

const service = { shape: serviceShape, rules: ecsRules };
const NAMESPACE_ARN = 'arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-abc';

function differences(declared: JsonObject, live: JsonObject, options: object = {}): readonly string[] {
  return compareDeclared({ declared, live, ...service, ...options }).map(({ path }) => path);
}

describe('only what is declared is compared', () => {
  test.each<{ why: string; declared: JsonObject; live: JsonObject; differ: readonly string[] }>([
    { why: 'a count that nobody declared is an autoscaler’s', declared: {}, live: { desiredCount: 7 }, differ: [] },
    { why: 'a declared count is', declared: { desiredCount: 2 }, live: { desiredCount: 7 }, differ: ['desiredCount'] },
    {
      why: 'tags of others stay, ours are set right',
      declared: {
        tags: [
          { key: 'team', value: 'a' },
          { key: 'new', value: '' },
        ],
      },
      live: {
        tags: [
          { key: 'team', value: 'b' },
          { key: 'aws:cloudformation:stack-name', value: 's' },
        ],
      },
      differ: ['tags[key=new]', 'tags[key=team]'],
    },
    {
      why: 'no tags at all claims nothing about those of others',
      declared: { tags: [] },
      live: { tags: [{ key: 'a', value: 'b' }] },
      differ: [],
    },
    {
      why: 'an empty list clears',
      declared: { loadBalancers: [] },
      live: { loadBalancers: [{ targetGroupArn: 'arn:a' }] },
      differ: ['loadBalancers'],
    },
    {
      why: 'an empty object declares nothing',
      declared: { networkConfiguration: {} },
      live: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a'] } } },
      differ: [],
    },
    {
      why: 'what is declared beside something undeclared in one object',
      declared: { deploymentConfiguration: { maximumPercent: 150 } },
      live: { deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 50 } },
      differ: [],
    },
    {
      why: 'a default that somebody changed in AWS',
      declared: { enableExecuteCommand: false },
      live: { enableExecuteCommand: true },
      differ: ['enableExecuteCommand'],
    },
    { why: 'a default that AWS does not print', declared: { platformVersion: 'LATEST' }, live: {}, differ: [] },
    {
      why: 'something inside of a list that AWS takes as a whole',
      declared: { loadBalancers: [{ targetGroupArn: 'arn:a', containerPort: 80 }] },
      live: { loadBalancers: [{ targetGroupArn: 'arn:a', containerPort: 81 }] },
      differ: ['loadBalancers'],
    },
    {
      why: 'something added inside of such a list',
      declared: { loadBalancers: [{ targetGroupArn: 'arn:a' }] },
      live: { loadBalancers: [{ targetGroupArn: 'arn:a', advancedConfiguration: { roleArn: 'arn:r' } }] },
      differ: ['loadBalancers'],
    },
    {
      why: 'a whole object that is not there',
      declared: { serviceConnectConfiguration: { enabled: true, namespace: 'x' } },
      live: {},
      differ: ['serviceConnectConfiguration.enabled', 'serviceConnectConfiguration.namespace'],
    },
  ])('$why', ({ declared, live, differ }) => {
    expect(differences(declared, live)).toEqual(differ);
  });

  test('a custom health check has to be there, though nothing is declared inside of it', () => {
    const compare = (live: JsonObject) =>
      compareDeclared({
        declared: { healthCheckCustomConfig: {} },
        live,
        shape: cloudMapServiceShape,
        rules: cloudMapRules,
      });
    expect(compare({})).toHaveLength(1);
    expect(compare({ healthCheckCustomConfig: { failureThreshold: 1 } })).toEqual([]);
  });

  test('a volume has to be there, though nothing but its name is declared', () => {
    const compare = (live: JsonObject) =>
      compareDeclared({ declared: { volumes: [{ name: 'a' }] }, live, shape: taskDefinitionShape, rules: ecsRules });
    expect(compare({ volumes: [] }).map(({ path }) => path)).toEqual(['volumes[name=a]']);
    expect(compare({ volumes: [{ name: 'a', host: {} }] })).toEqual([]);
  });

  test('insights of a cluster are off when AWS prints no setting', () => {
    const declared = { settings: [{ name: 'containerInsights', value: 'disabled' }] };
    const compare = (live: JsonObject) => compareDeclared({ declared, live, shape: clusterShape, rules: ecsRules });
    expect(compare({})).toEqual([]);
    expect(compare({ settings: [{ name: 'containerInsights', value: 'enhanced' }] })).toEqual([
      { path: 'settings[name=containerInsights]', declared: 'disabled', live: 'enhanced', sensitive: false },
    ]);
  });
});

describe('a thing named in another way is the same thing', () => {
  const ARN = 'arn:aws:ecs:eu-west-1:123456789012';

  test.each<{ why: string; member: string; declared: string; live: string; same: boolean }>([
    {
      why: 'a family means its newest revision when asked',
      member: 'taskDefinition',
      declared: 'web',
      live: `${ARN}:task-definition/web:5`,
      same: true,
    },
    {
      why: 'a revision by number',
      member: 'taskDefinition',
      declared: 'web:5',
      live: `${ARN}:task-definition/web:5`,
      same: true,
    },
    {
      why: 'another revision',
      member: 'taskDefinition',
      declared: 'web:4',
      live: `${ARN}:task-definition/web:5`,
      same: false,
    },
    {
      why: 'another family',
      member: 'taskDefinition',
      declared: 'api',
      live: `${ARN}:task-definition/web:5`,
      same: false,
    },
    {
      why: 'an ARN without revision',
      member: 'taskDefinition',
      declared: `${ARN}:task-definition/web`,
      live: `${ARN}:task-definition/web:5`,
      same: true,
    },
    {
      why: 'the same family of another account',
      member: 'taskDefinition',
      declared: 'arn:aws:ecs:eu-west-1:999999999999:task-definition/web:5',
      live: `${ARN}:task-definition/web:5`,
      same: false,
    },
    {
      why: 'a role by its name',
      member: 'role',
      declared: 'ecsServiceRole',
      live: 'arn:aws:iam::123456789012:role/ecsServiceRole',
      same: true,
    },
    {
      why: 'a role with its path',
      member: 'role',
      declared: '/team/web',
      live: 'arn:aws:iam::123456789012:role/team/web',
      same: true,
    },
    {
      why: 'a role whose name only ends alike',
      member: 'role',
      declared: 'web',
      live: 'arn:aws:iam::123456789012:role/other-web',
      same: false,
    },
    { why: 'a cluster by its name', member: 'cluster', declared: 'main', live: `${ARN}:cluster/main`, same: true },
    {
      why: 'the same name in another region',
      member: 'cluster',
      declared: 'arn:aws:ecs:us-east-1:123456789012:cluster/main',
      live: `${ARN}:cluster/main`,
      same: false,
    },
    {
      why: 'the cluster that is meant when none is named',
      member: 'cluster',
      declared: 'default',
      live: `${ARN}:cluster/default`,
      same: true,
    },
  ])('$member, $why: $same', ({ member, declared, live, same }) => {
    expect(differences({ [member]: declared }, { [member]: live })).toEqual(same ? [] : [member]);
  });

  test('capacity providers by name and by ARN, in whatever order', () => {
    const declared = { capacityProviderStrategy: [{ capacityProvider: 'b' }, { capacityProvider: 'a', weight: 1 }] };
    const live = {
      capacityProviderStrategy: [
        { capacityProvider: `${ARN}:capacity-provider/a`, weight: 1, base: 0 },
        { capacityProvider: 'b', weight: 0 },
      ],
    };
    expect(differences(declared, live)).toEqual([]);
  });

  test.each<{ why: string; options: object; differ: readonly string[] }>([
    {
      why: 'cannot be told from its ARN, so a changed one is sent',
      options: {},
      differ: ['serviceConnectConfiguration.namespace'],
    },
    {
      why: 'is told by its ARN’s name, when that was looked up',
      options: { names: new Map([[NAMESPACE_ARN, 'prod']]) },
      differ: [],
    },
    {
      why: 'is another one than its ARN’s name says',
      options: { names: new Map([[NAMESPACE_ARN, 'test']]) },
      differ: ['serviceConnectConfiguration.namespace'],
    },
    { why: 'that AWS confirmed before is not sent again and again', options: { confirmed: () => true }, differ: [] },
  ])('a namespace of Service Connect $why', ({ options, differ }) => {
    const declared = { serviceConnectConfiguration: { enabled: true, namespace: 'prod' } };
    const live = { serviceConnectConfiguration: { enabled: true, namespace: NAMESPACE_ARN } };
    expect(differences(declared, live, options)).toEqual(differ);
  });
});

describe('a value that AWS confirmed before', () => {
  const declared = { loadBalancers: [{ targetGroupArn: 'arn:a' }] };
  const confirmed = () => true;

  test('is not written forever because AWS adds something to it that we do not know of', () => {
    const live = { loadBalancers: [{ targetGroupArn: 'arn:a', addedByAws: 'x' }] };
    expect(differences(declared, live)).toEqual(['loadBalancers']);
    expect(differences(declared, live, { confirmed })).toEqual([]);
  });

  test('is drift all the same when somebody changed what is declared of it', () => {
    expect(differences(declared, { loadBalancers: [{ targetGroupArn: 'arn:b' }] }, { confirmed })).toEqual([
      'loadBalancers',
    ]);
    expect(differences(declared, { loadBalancers: [] }, { confirmed })).toEqual(['loadBalancers']);
  });
});

describe.each([
  ['task definition', taskDefinitionShape, ecsRules],
  ['service', serviceShape, ecsRules],
  ['cluster', clusterShape, ecsRules],
  ['Cloud Map service', cloudMapServiceShape, cloudMapRules],
])('any %s', (_kind, shape, rules) => {
  test('does not differ from itself, nor from itself with more in it', () => {
    fc.assert(
      fc.property(normalValue(shape), (declared) => {
        const live = { ...declared, addedByALaterRelease: { a: 1 } };
        expect(compareDeclared({ declared, live, shape, rules })).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what AWS prints of what was asked is no drift', () => {
  test('for any task definition', () => {
    fc.assert(
      fc.property(normalValue(taskDefinitionShape), (declared) => {
        const live = describedTaskDefinition(declared);
        expect(compareDeclared({ declared, live, shape: taskDefinitionShape, rules: ecsRules })).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('for any service', () => {
    fc.assert(
      fc.property(normalValue(serviceShape), (declared) => {
        const live = describedService(declared);
        expect(compareDeclared({ declared, live, ...service })).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a difference that is shown to a person', () => {
  const shown = (difference: Partial<Difference>) =>
    printDifference({ path: 'a', declared: 1, live: undefined, sensitive: false, ...difference });

  test('never shows what the SDK calls sensitive', () => {
    const container = (value: string) => ({
      containerDefinitions: [{ name: 'web', image: 'nginx', environment: [{ name: 'PASSWORD', value }] }],
    });
    const [difference] = compareDeclared({
      declared: container('hunter2'),
      live: container('hunter1'),
      shape: taskDefinitionShape,
      rules: ecsRules,
    });
    expect(difference).toMatchObject({ path: 'containerDefinitions[name=web].environment', sensitive: true });
    expect(JSON.stringify(difference && printDifference(difference))).not.toContain('hunter');
  });

  test.each<[string, Partial<Difference>, object]>([
    ['says when AWS holds nothing', {}, { declared: '1', live: '(none)' }],
    ['shows text as it is', { declared: 'x', live: 'y' }, { declared: 'x', live: 'y' }],
    ['shows objects as JSON in one order', { declared: { b: 1, a: [] } }, { declared: '{"a":[],"b":1}' }],
    ['cuts what is long', { declared: 'x'.repeat(500) }, { declared: `${'x'.repeat(119)}…` }],
  ])('%s', (_why, difference, printed) => {
    expect(shown(difference)).toMatchObject(printed);
  });
});
