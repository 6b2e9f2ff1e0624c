import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/aws/errors.ts';
import { GRANTS } from '../../../src/aws/iam/grants.ts';
import { actionsOf } from '../../../src/aws/iam/policy-files.ts';
import { OPERATIONS, type Operation } from '../../../src/aws/operations.ts';
import { calledOperations } from './called-operations.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const POLICIES = globSync('iam/*.json', { cwd: root }).sort();
// The files are ours, and a test below holds their shape.
const statementsOf = (path: string) => (JSON.parse(read(path)) as { Statement: readonly Statement[] }).Statement;
const actionsIn = (path: string) => statementsOf(path).flatMap(({ Action }) => Action);

const called = calledOperations();
const calledActions = (effect: 'read' | 'write') =>
  [...called].filter((name) => OPERATIONS[name].effect === effect).flatMap((name) => OPERATIONS[name].action ?? []);
const isOurs = (action: string) => /^(ecs|servicediscovery):/.test(action);

describe('the policies in iam/', () => {
  it('allow every call that the operator makes, and no other of ECS and Cloud Map', () => {
    const full = POLICIES.filter((path) => !path.includes('read-only'));
    const allowed = new Set(full.flatMap(actionsIn).filter(isOurs));
    expect(called.size).toBeGreaterThan(30);
    expect([...allowed].sort()).toEqual([...calledActions('read'), ...calledActions('write')].sort());
  });

  it('allow in read-only mode every call that reads, and nothing that writes', () => {
    const readOnly = POLICIES.filter((path) => path.includes('read-only'));
    expect(readOnly.flatMap(actionsIn).sort()).toEqual(calledActions('read').sort());
  });

  it('allow what AWS asks for besides only for calls that the operator makes', () => {
    for (const grant of GRANTS) {
      if (!('actions' in grant)) continue;
      const needs = grant.neededBy.filter((name): name is Operation => name !== 'AwsAccount.assumeRole');
      expect(
        needs.filter((name) => !called.has(name)),
        grant.sid,
      ).toEqual([]);
    }
  });

  it.each(POLICIES)('%s is small enough for a managed policy: 6,144 characters without white space', (path) => {
    expect(JSON.stringify(JSON.parse(read(path))).length).toBeLessThanOrEqual(6_144);
  });

  it('are few enough for one role: 10 managed policies, which is the quota that nobody has to raise', () => {
    expect(POLICIES.filter((path) => !path.includes('read-only')).length).toBeLessThanOrEqual(10);
  });

  it.each(POLICIES)('%s has the form of a policy, with ARNs that are filled in', (path) => {
    const sids = statementsOf(path).map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const { Sid, Effect, Action, Resource } of statementsOf(path)) {
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(Effect).toBe('Allow');
      expect(Action.filter((action) => !/^[a-z0-9-]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([]);
      expect(Resource.filter((resource) => !/^(\*|arn:aws:[a-z0-9-]+:[^{}]*)$/.test(resource))).toEqual([]);
    }
  });

  it('limit every change in ECS to what carries our tags, but for the one action that knows no condition', () => {
    const open = statementsOf('iam/core.json')
      .filter(({ Condition }) => !JSON.stringify(Condition ?? {}).includes('ecs-operator.dev/installation'))
      .flatMap(({ Action, Condition }) => (Condition?.StringEquals?.['ecs:CreateAction'] === undefined ? Action : []))
      .filter((action) => calledActions('write').includes(action));
    expect(open).toEqual(['ecs:DeregisterTaskDefinition']);
  });

  it('give tasks only roles below a path, and only to ECS', () => {
    expect(statementsOf('iam/pass-role.json')).toEqual([
      expect.objectContaining({
        Action: ['iam:PassRole'],
        Resource: ['arn:aws:iam::*:role/ecs-tasks/*'],
        Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'] } },
      }),
    ]);
  });

  it('say of each statement why it is needed', () => {
    const page = read('iam/README.md');
    for (const { why } of GRANTS) expect(page).toContain(`| ${why} |`);
  });
});

describe('a call that AWS denies', () => {
  const denied = (operation: Operation, message: string) =>
    classify(Object.assign(new Error(message), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }), {
      operation,
      target: { region: 'eu-central-1' },
      input: {},
    }).message;

  const cases = GRANTS.flatMap((grant) => actionsOf(grant)).filter((action, at, all) => all.indexOf(action) === at);

  it.each(cases)('for want of %s ends with the file that allows it', (action) => {
    const message = denied(
      'ecs.UpdateService',
      `User: arn:aws:sts::111122223333:assumed-role/op/x is not authorized to perform: ${action} on resource: r because no identity-based policy allows the ${action} action`,
    );
    const [, files = ''] = new RegExp(`; allow ${action}: (.+)$`).exec(message) ?? [];
    const policies = files.split(/ or | and /).filter((file) => !file.startsWith('iam/trust/'));
    expect(policies.length).toBeGreaterThan(0);
    for (const file of policies) expect(actionsIn(file)).toContain(action);
  });

  it('names the trust policy where that decides', () => {
    const message = denied('ecs.UpdateService', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
    expect(message).toMatch(/; allow sts:AssumeRoleWithWebIdentity: iam\/trust\/irsa\.json$/);
    expect(existsSync(join(root, 'iam/trust/irsa.json'))).toBe(true);
  });

  it('names no file for an action that the operator never needs', () => {
    const message = denied('ecs.UpdateService', 'not authorized to perform: kms:Decrypt on resource: r');
    expect(message).toMatch(/; allow kms:Decrypt$/);
  });

  it('keeps its advice when the message has to be cut', () => {
    const message = denied('ecs.UpdateService', `not authorized to perform: ecs:UpdateService on ${'x'.repeat(5_000)}`);
    expect(message.length).toBe(1000);
    expect(message).toMatch(/…; allow ecs:UpdateService: iam\/core\.json$/);
  });
});
