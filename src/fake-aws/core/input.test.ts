import { CreateServiceRequest$, DeleteServiceRequest$, RegisterTaskDefinitionRequest$ } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { AwsError } from './aws-error.ts';
import { InputChecker, type SdkSchema } from './input.ts';

const checker = new InputChecker({ invalidCode: 'InvalidParameterException' });

test.each<[string, SdkSchema, unknown, string]>([
  ['a required member is missing', DeleteServiceRequest$, {}, "InvalidParameterException: .*Value null at 'service'"],
  ['a required member is null', DeleteServiceRequest$, { service: null }, "InvalidParameterException: .*at 'service'"],
  [
    'a required member of an item is missing',
    RegisterTaskDefinitionRequest$,
    { family: 'a', containerDefinitions: [{ healthCheck: {} }] },
    "at 'containerDefinitions\\[0\\].healthCheck.command'",
  ],
  [
    'a name is misspelt',
    DeleteServiceRequest$,
    { servce: 'a' },
    'Unknown parameter in input: "servce", must be one of',
  ],
  ['a number stands for a string', DeleteServiceRequest$, { service: 7 }, 'NUMBER_VALUE cannot be converted to String'],
  [
    'a string stands for a number',
    CreateServiceRequest$,
    { serviceName: 'a', desiredCount: '2' },
    'STRING_VALUE cannot be converted to Integer',
  ],
  [
    'a fraction stands for a whole number',
    CreateServiceRequest$,
    { serviceName: 'a', desiredCount: 1.5 },
    'DECIMAL_VALUE cannot be converted to Integer',
  ],
  [
    'an object stands for a list',
    CreateServiceRequest$,
    { serviceName: 'a', loadBalancers: {} },
    'START_OBJECT cannot be converted to List',
  ],
  [
    'a list holds null',
    CreateServiceRequest$,
    { serviceName: 'a', loadBalancers: [null] },
    'SerializationException: Lists must not contain null',
  ],
])('an input is refused when %s', (_, schema, input, words) => {
  expect(refusal(schema, input)).toMatch(new RegExp(words));
});

test('what passes is a frozen copy without nulls, so a caller that changes its input changes no state', () => {
  const input = { serviceName: 'a', cluster: null, tags: [{ key: 'k', value: 'v' }], deploymentConfiguration: {} };
  const checked = checker.check(CreateServiceRequest$, input);
  input.tags.push({ key: 'other', value: '' });
  expect(checked).toEqual({ serviceName: 'a', tags: [{ key: 'k', value: 'v' }], deploymentConfiguration: {} });
  expect(Object.isFrozen(checked)).toBe(true);
  expect(checked).not.toHaveProperty('cluster');
});

test('percentages of a traffic shift may be fractions, maps keep their keys, documents any JSON', () => {
  const input = {
    serviceName: 'a',
    deploymentConfiguration: {
      canaryConfiguration: { canaryPercent: 0.5 },
      lifecycleHooks: [{ hookTargetArn: 'arn', roleArn: 'r', lifecycleStages: [], hookDetails: { any: ['thing', 1] } }],
    },
  };
  expect(checker.check(CreateServiceRequest$, input)).toEqual(input);
  const labels = { family: 'a', containerDefinitions: [{ dockerLabels: { 'a.b': 'c' } }] };
  expect(checker.check(RegisterTaskDefinitionRequest$, labels)).toEqual(labels);
});

function refusal(schema: SdkSchema, input: unknown): string {
  try {
    checker.check(schema, input);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return expect.fail('was not refused');
}
