import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { awsAccountSchema } from '../../src/kinds/aws-account/schema.ts';
import { CHART, missingHelm, template, unlessMissing } from './helm.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as Schema;
const values: unknown = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'));

/** Values that the schema has and values.yaml has not, and the other way round; what is an open map is not gone into. */
function differences(given: unknown, rule: Schema, path = ''): readonly string[] {
  if (rule.properties === undefined || rule.additionalProperties !== false) return [];
  // Safe: the schema says that it is an object.
  const members = (given ?? {}) as Readonly<Record<string, unknown>>;
  const names = new Set([...Object.keys(members), ...Object.keys(rule.properties)]);
  names.delete('global');
  return [...names].flatMap((name) => {
    const inner = rule.properties?.[name];
    if (inner === undefined || !(name in members)) return [`${path}${name}`];
    return differences(members[name], inner, `${path}${name}.`);
  });
}

describe('values.schema.json', () => {
  it('knows the values of values.yaml, and no other', () => {
    expect(differences(values, schema)).toEqual([]);
  });

  it('knows the members of an AwsAccount, and no other', () => {
    const { awsAccountSpec } = schema.$defs ?? {};
    const { own } = awsAccountSchema;
    expect(Object.keys(awsAccountSpec?.properties ?? {}).sort()).toEqual(Object.keys(own).sort());
    for (const [name, { properties }] of Object.entries(own)) {
      if (properties === undefined) continue;
      const known = awsAccountSpec?.properties?.[name]?.properties;
      expect(Object.keys(known ?? {}).sort(), name).toEqual(Object.keys(properties).sort());
    }
  });
});

const account = (spec: object) => ({ accounts: [{ name: 'default', spec }] });

describe.skipIf(missingHelm !== undefined)(`values that cannot be meant${unlessMissing}`, () => {
  it.each([
    [{ replica: 2 }, "additional properties 'replica' not allowed"],
    [{ image: { repo: 'a' } }, "at '/image': additional properties 'repo' not allowed"],
    [{ image: { repository: 'a:1' }, replicas: '2' }, "at '/replicas': got string, want integer"],
    [{ image: { digest: 'latest' } }, "at '/image/digest': 'latest' does not match pattern"],
    [
      { image: { pullPolicy: 'always' } },
      "at '/image/pullPolicy': value must be one of 'Always', 'IfNotPresent', 'Never'",
    ],
    [{ namespaces: 'shop' }, "at '/namespaces': got string, want array"],
    [{ namespaces: ['shop', 'shop'] }, "at '/namespaces': items at 0 and 1 are equal"],
    [{ config: { region: 'Frankfurt' } }, "at '/config/region': 'Frankfurt' does not match pattern"],
    [
      { config: { endpointUrl: 'localhost:4566' } },
      "at '/config/endpointUrl': 'localhost:4566' does not match pattern",
    ],
    [{ config: { resync: '5 minutes' } }, "at '/config/resync': '5 minutes' does not match pattern"],
    [{ config: { workers: 0 } }, "at '/config/workers': minimum: got 0, want 1"],
    [{ config: { logLevel: 'verbose' } }, "at '/config/logLevel': value must be one of"],
    [{ commonLabels: { team: 1 } }, "at '/commonLabels/team': got number, want string"],
    [{ metrics: { port: 99_999 } }, "at '/metrics/port': maximum: got 99,999, want 65,535"],
    [{ serviceAccount: { annotations: { a: true } } }, "at '/serviceAccount/annotations/a': got boolean, want string"],
    [account({}), "at '/accounts/0/spec': missing property 'region'"],
    [
      account({ region: 'eu-central-1', accountId: 111122223333 }),
      "at '/accounts/0/spec/accountId': got number, want string",
    ],
    [
      account({ region: 'eu-central-1', passRole: [] }),
      "at '/accounts/0/spec': additional properties 'passRole' not allowed",
    ],
    [{ replicas: 2, leaderElection: { enabled: false } }, 'Enable leaderElection, or set replicas to 1'],
    [{ fakeAws: { enabled: true }, config: { endpointUrl: 'http://a' } }, 'exclude each other'],
    [
      { metrics: { serviceMonitor: { enabled: true }, podMonitor: { enabled: true } } },
      'everything would be scraped twice',
    ],
    [{ metrics: { enabled: false, podMonitor: { enabled: true } } }, 'metrics.enabled is false'],
    [{ metrics: { port: 8081 } }, 'metrics.port and health.port are both 8081'],
    [{ accounts: [1, 2].map(() => ({ name: 'a', spec: { region: 'eu-central-1' } })) }, 'accounts: a is there twice'],
  ])('%j are refused with %s', async (given, message) => {
    const { code, stderr } = await template(given);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
