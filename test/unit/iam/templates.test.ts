import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// Its own types would bring those of a browser into the whole project. Safe: this is what they say of it.
const { parse: parseHcl } = createRequire(import.meta.url)('@cdktf/hcl2json') as {
  parse(file: string, text: string): Promise<{ readonly variable: Readonly<Record<string, unknown>> }>;
};

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const NAMES = globSync('iam/*.json', { cwd: root }).map((path) => basename(path, '.json'));
const policy = (name: string): unknown => JSON.parse(read(`iam/${name}.json`));

describe('iam/cloudformation.yaml', () => {
  /** What CloudFormation puts in place of `${…}` with the defaults. */
  const known: Readonly<Record<string, string>> = { 'AWS::Partition': 'aws', 'AWS::AccountId': '111122223333' };
  const template = parse(read('iam/cloudformation.yaml'), {
    customTags: ['!Ref', '!Sub', '!GetAtt'].map((tag) => ({
      tag,
      resolve: (text: string) => ({ [tag === '!Ref' ? 'Ref' : `Fn::${tag.slice(1)}`]: text }),
    })),
  });
  const filled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    if ('Fn::Sub' in value) {
      return String(value['Fn::Sub']).replace(/\$\{([^}]+)\}/g, (_, name: string) => {
        const text = known[name] ?? template.Parameters[name]?.Default;
        if (text === undefined) throw new Error(`nothing is called ${name}`);
        return text;
      });
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]));
  };
  const idOf = (name: string) => `${name.replace(/(?:^|-)([a-z])/g, (_, a: string) => a.toUpperCase())}Policy`;

  it.each(NAMES)('makes the policy %s as iam/ has it', (name) => {
    const resource = template.Resources[idOf(name)];
    expect(resource.Type).toBe('AWS::IAM::ManagedPolicy');
    expect(filled(resource.Properties.PolicyDocument)).toEqual(policy(name));
  });

  it('has a condition for each policy, and gives the role just those that are made', () => {
    const arns: readonly { 'Fn::If': readonly [string, { Ref: string }, { Ref: string }] }[] =
      template.Resources.Role.Properties.ManagedPolicyArns;
    expect(arns.map((arn) => arn['Fn::If'][1].Ref).sort()).toEqual(NAMES.map(idOf).sort());
    for (const { 'Fn::If': arn } of arns) {
      expect(template.Resources[arn[1].Ref].Condition).toBe(arn[0]);
      expect(template.Conditions).toHaveProperty(arn[0]);
    }
  });

  it('calls no resource as a parameter is called, which CloudFormation refuses', () => {
    const names = [...Object.keys(template.Parameters), ...Object.keys(template.Resources)];
    expect(new Set(names).size).toBe(names.length);
  });

  it('has trust policies that are JSON, for each way to take the role', () => {
    const trust = template.Resources.Role.Properties.AssumeRolePolicyDocument['Fn::If'];
    const texts = [trust[1], ...trust[2]['Fn::If'].slice(1)].map((text: unknown) => JSON.parse(String(filled(text))));
    expect(texts.map(({ Statement }) => Statement[0].Action)).toEqual([
      ['sts:AssumeRole', 'sts:TagSession'],
      ['sts:AssumeRoleWithWebIdentity'],
      ['sts:AssumeRole'],
    ]);
  });
});

describe('iam/terraform', () => {
  const files = globSync('iam/terraform/*.tf', { cwd: root });

  it.each(files)('%s is HCL', async (path) => {
    await expect(parseHcl(path, read(path))).resolves.toBeTypeOf('object');
  });

  it('uses no variable that it does not have, and has none that it does not use', async () => {
    const { variable } = await parseHcl('variables.tf', read('iam/terraform/variables.tf'));
    const used = new Set([...read('iam/terraform/main.tf').matchAll(/\bvar\.([a-z_]+)/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(variable).sort());
  });

  const terraform = spawnSync('terraform', ['version']).status === 0;
  const copy = mkdtempSync(join(tmpdir(), 'ecs-operator-terraform-'));
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.skipIf(!terraform)('is formatted as terraform fmt does it (skipped without terraform)', () => {
    const { stdout, status } = spawnSync('terraform', ['fmt', '-check', '-diff', join(root, 'iam/terraform')]);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: '' });
  });

  it.skipIf(!terraform)('makes the policies as iam/ has them (skipped without terraform)', () => {
    cpSync(join(root, 'iam/terraform/variables.tf'), join(copy, 'variables.tf'));
    // Only the locals: resources and data need AWS's provider, and that the network.
    const [, locals = ''] = /^(locals \{[\s\S]*?^\})/m.exec(read('iam/terraform/main.tf')) ?? [];
    const text = locals
      .replace('data.aws_partition.current.partition', '"aws"')
      .replace('data.aws_caller_identity.current.account_id', '"111122223333"');
    writeFileSync(join(copy, 'main.tf'), text);
    const evaluate = (readOnly: boolean) => {
      const features = '["adoption","pass-role","cloud-map","dns","assume-role"]';
      const args = ['-var', 'trust=irsa', '-var', `features=${features}`, '-var', `read_only=${readOnly}`];
      const input = 'jsonencode(local.policies)\n';
      const out = execFileSync('terraform', ['console', ...args], { cwd: copy, input, encoding: 'utf8' });
      // Terraform prints the text as an HCL string, whose escapes are those of JSON.
      const byName: Readonly<Record<string, string>> = JSON.parse(JSON.parse(out.slice(out.indexOf('"'))));
      return Object.fromEntries(Object.entries(byName).map(([name, document]) => [name, JSON.parse(document)]));
    };
    const made = { ...evaluate(false), ...evaluate(true) };
    expect(Object.keys(made).sort()).toEqual([...NAMES].sort());
    for (const name of NAMES) expect(made[name], name).toEqual(policy(name));
  });
});
