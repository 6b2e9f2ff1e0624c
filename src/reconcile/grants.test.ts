import { describe, expect, test } from 'vitest';
import type { AwsAccountSpec } from './account.ts';
import { refusedGrant } from './grants.ts';
import type { GrantRequest } from './kind.ts';
import { sampleAccount } from './sample-objects.ts';

function refusedBy(spec: Partial<AwsAccountSpec> | undefined, ...requests: GrantRequest[]) {
  const object = spec === undefined ? undefined : sampleAccount('a', spec);
  const account = {
    name: object && 'a',
    accountId: object && '123456789012',
    target: { region: 'eu-central-1' },
    object,
  };
  return refusedGrant(requests, account)?.reason;
}

const role = (roleArn: string): GrantRequest => ({ kind: 'passRole', path: 'taskRoleArn', roleArn });
const cluster = (name: string): GrantRequest => ({ kind: 'cluster', path: 'cluster', cluster: name });
const APP = 'arn:aws:iam::123456789012:role/app';
const ARN_OF_OTHER = 'arn:aws:ecs:eu-central-1:999999999999:cluster/their-dev';
const PROD = 'arn:aws:ecs:eu-central-1:123456789012:cluster/prod';

test('the operator’s own identity grants everything: its flag says who may use it', () => {
  expect(refusedBy(undefined, role(APP), cluster('prod'))).toBeUndefined();
});

describe('a role', () => {
  test.each([
    { grants: undefined, asked: APP, refused: true, why: 'nothing said grants nothing' },
    { grants: [], asked: APP, refused: true, why: 'nor does an empty list' },
    { grants: [APP], asked: APP, refused: false, why: 'it is named' },
    { grants: ['arn:aws:iam::123456789012:role/*'], asked: APP, refused: false, why: 'a pattern fits' },
    { grants: ['*'], asked: APP, refused: false, why: 'all are granted' },
    { grants: [APP], asked: `${APP}-admin`, refused: true, why: 'a name that only starts so is another role' },
    { grants: [APP], asked: 'app', refused: false, why: 'ECS takes a bare name for the role in the same account' },
    { grants: [APP], asked: 'ops', refused: true, why: 'a bare name is no way around the grant' },
    { grants: ['app'], asked: APP, refused: true, why: 'grants are patterns of ARNs' },
    {
      grants: ['arn:aws:iam::123456789012:role/team/*'],
      asked: '/team/app',
      refused: false,
      why: 'a bare name may have a path',
    },
  ])('refused $refused: $why', ({ grants, asked, refused }) => {
    const spec = grants === undefined ? {} : { passRoleArns: grants };
    expect(refusedBy(spec, role(asked))).toBe(refused ? 'RoleNotPermitted' : undefined);
  });
});

describe('a cluster', () => {
  test.each([
    { grants: undefined, asked: 'prod', refused: true, why: 'nothing said grants nothing' },
    { grants: ['prod'], asked: 'prod', refused: false, why: 'it is named' },
    { grants: ['prod'], asked: PROD, refused: false, why: 'a name grants its ARN' },
    { grants: [PROD], asked: PROD, refused: false, why: 'an ARN grants itself' },
    { grants: ['dev-*'], asked: PROD, refused: true, why: 'an ARN is no way around the grant' },
    { grants: ['*'], asked: 'prod', refused: false, why: 'all are granted' },
    { grants: [PROD], asked: 'prod', refused: false, why: 'an ARN grants its name' },
    { grants: ['arn:aws:ecs:*:123456789012:cluster/p*'], asked: 'prod', refused: false, why: 'and so does a pattern' },
    { grants: ['prod'], asked: PROD.replace('1234', '9999'), refused: true, why: 'a name of another account’s' },
    { grants: ['prod'], asked: PROD.replace('central', 'west'), refused: true, why: 'a name of another region’s' },
    { grants: ['*-dev', '*'], asked: ARN_OF_OTHER, refused: true, why: 'a pattern of names does not reach into ARNs' },
    { grants: [ARN_OF_OTHER], asked: ARN_OF_OTHER, refused: false, why: 'another account’s may be granted by its ARN' },
    { grants: ['prod'], asked: `${PROD}/prod`, refused: true, why: 'what only looks like an ARN has no name' },
    { grants: ['prod'], asked: 'arn:x/prod', refused: true, why: 'nor has this' },
    { grants: ['prod'], asked: '', refused: true, why: 'an empty name is not granted by any other' },
  ])('refused $refused: $why', ({ grants, asked, refused }) => {
    const spec = grants === undefined ? {} : { clusters: grants };
    expect(refusedBy(spec, cluster(asked))).toBe(refused ? 'ClusterNotPermitted' : undefined);
  });
});

test('the first that is not granted is said, with its place and what to add', () => {
  const object = sampleAccount('a', { passRoleArns: [APP] });
  const account = { name: 'a', accountId: '123456789012', target: { region: 'eu-central-1' }, object };
  expect(refusedGrant([role(APP), cluster('prod')], account)).toEqual({
    reason: 'ClusterNotPermitted',
    message: expect.stringMatching(/^cluster: AwsAccount a .* spec\.clusters/),
  });
});

test('a bare name is completed by the partition that STS speaks of', () => {
  const status = { callerArn: 'arn:aws-cn:sts::123456789012:assumed-role/operator/x' };
  const object = sampleAccount('a', { passRoleArns: [APP.replace('aws', 'aws-cn')] }, { status });
  const account = { name: 'a', accountId: '123456789012', target: { region: 'cn-north-1' }, object };
  expect(refusedGrant([role('app')], account)).toBeUndefined();
});
