import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalValue } from '../../test/shape/arbitrary-value.ts';
import { fromAws, toAws } from './aws-names.ts';
import { cloudMapNamespaceShape, cloudMapServiceShape, serviceShape } from './shapes.ts';

test("a Cloud Map service goes to AWS under AWS's names, all the way down", () => {
  const spec = {
    name: 'api',
    dnsConfig: { dnsRecords: [{ type: 'A', ttl: 60 }] },
    tags: [{ key: 'Team', value: 'a' }],
  };
  expect(toAws(spec, cloudMapServiceShape)).toEqual({
    Name: 'api',
    DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 60 }] },
    Tags: [{ Key: 'Team', Value: 'a' }],
  });
});

test.each([
  ['service', cloudMapServiceShape],
  ['namespace', cloudMapNamespaceShape],
])('a Cloud Map %s comes back from AWS as it was written', (_kind, shape) => {
  fc.assert(
    fc.property(normalValue(shape), (spec) => {
      expect(fromAws(toAws(spec, shape), shape)).toEqual(spec);
    }),
    { numRuns: 50 },
  );
});

test('keys of maps are the user’s own and are never renamed', () => {
  const spec = { serviceConnectConfiguration: { logConfiguration: { options: { 'awslogs-Group': 'A' } } } };
  expect(toAws(spec, serviceShape)).toEqual(spec);
});

test('an answer of AWS is seen as the request: without what no request has, undefined, dates and new members', () => {
  const answer = {
    serviceName: 'web',
    serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/web',
    createdAt: new Date(0),
    desiredCount: undefined,
    addedByALaterRelease: true,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: undefined } },
    deployments: [{ id: 'ecs-svc/1' }],
  };
  expect(fromAws(answer, serviceShape)).toEqual({
    serviceName: 'web',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
});

test('hook details keep whatever JSON they hold', () => {
  const hookDetails = { Deep: [1, { Two: null }] };
  const spec = { deploymentConfiguration: { lifecycleHooks: [{ hookDetails }] } };
  expect(fromAws(spec, serviceShape)).toEqual(spec);
});
