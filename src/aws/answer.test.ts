import { describe, expect, it } from 'vitest';
import { requireAnswer } from './answer.ts';
import { AwsCallError } from './errors.ts';
import { OPERATIONS, type Operation } from './operations.ts';

const target = { region: 'eu-west-1' };
const read = (operation: Operation, output: object) => () => requireAnswer(output, { operation, target, input: {} });

describe('an answer', () => {
  it.each<[Operation, object, string]>([
    ['ecs.DescribeServices', { services: [{ serviceName: 'web', desiredCount: 1, createdAt: new Date(0) }] }, 'AWS’s'],
    ['ecs.DescribeServices', { services: [], failures: [{ arn: 'a', reason: 'MISSING' }] }, 'with nothing found'],
    ['ecs.DescribeServices', { services: [{ launchType: 'TOMORROW' }] }, 'with a value of tomorrow'],
    ['ecs.DescribeServices', { services: [{ tomorrow: 1 }], tomorrow: [null] }, 'with members of tomorrow'],
    ['ecs.DescribeServices', { services: [{ events: undefined }] }, 'without a member'],
    ['servicediscovery.ListTagsForResource', { $metadata: {} }, 'that may be empty'],
    ['servicediscovery.GetService', { Service: { Name: 'a', DnsConfig: { DnsRecords: [{ TTL: 5 }] } } }, 'nested'],
  ])('to %s, %j, is taken: %s', (operation, output) => {
    expect(read(operation, output)).not.toThrow();
  });

  it.each<[Operation, object, string]>([
    ['ecs.DescribeServices', {}, 'is empty'],
    ['ecs.DescribeServices', { services: null }, "is not AWS's: services is nothing, not a list"],
    ['ecs.DescribeServices', { services: 5 }, "is not AWS's: services is a number, not a list"],
    ['ecs.DescribeServices', { services: [null] }, "is not AWS's: services[0] is nothing, not an object"],
    [
      'ecs.DescribeServices',
      { services: [{}, { desiredCount: '2' }] },
      'services[1].desiredCount is a text, not a number',
    ],
    ['ecs.DescribeServices', { services: [{ desiredCount: Number.NaN }] }, 'services[0].desiredCount is no number'],
    ['ecs.DescribeServices', { services: [{ createdAt: 'x' }] }, 'services[0].createdAt is a text, not a time'],
    [
      'ecs.DescribeServices',
      { services: [{ createdAt: new Date('x') }] },
      'services[0].createdAt is no time, not a time',
    ],
    ['ecs.DescribeServices', { services: [{ enableECSManagedTags: 'yes' }] }, 'is a text, not true or false'],
    ['ecs.DescribeServices', { services: [{ tags: [{ key: 5 }] }] }, 'services[0].tags[0].key is a number, not a text'],
    ['ecs.CreateCluster', { cluster: [] }, 'cluster is a list, not an object'],
    [
      'ecs.DescribeTaskDefinition',
      { taskDefinition: { containerDefinitions: [{ dockerLabels: { secret: 5 } }] } },
      'taskDefinition.containerDefinitions[0].dockerLabels.* is a number, not a text',
    ],
  ])('to %s, %j, is refused and says what is wrong: %s', (operation, output, words) => {
    expect(read(operation, output)).toThrow(words);
  });

  it('that is refused may have had its effect, and may be asked for again', () => {
    try {
      read('ecs.CreateCluster', { cluster: 5 })();
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AwsCallError);
      expect(error).toMatchObject({ kind: 'Transient', code: 'MisshapenAnswer', effect: 'unknown' });
    }
  });

  it('of every operation can be looked at', () => {
    for (const operation of Object.keys(OPERATIONS)) {
      // Safe: those are the keys.
      expect(read(operation as Operation, { something: 1 })).not.toThrow();
    }
  });
});
