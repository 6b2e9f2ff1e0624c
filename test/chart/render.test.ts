import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { type Config, runCommand } from '../../src/config.ts';
import { CHART, helm, missingHelm, only, RELEASE, type Rendered, render, template, unlessMissing } from './helm.ts';
import { SHAPES, type Shape } from './shapes.ts';

const crdsFolder = join(import.meta.dirname, '../../crds');
const shapes = Object.keys(SHAPES) as Shape[];

/** What `run` makes of a Deployment's arguments; fails as the operator would. */
async function configOf(objects: readonly Rendered[]): Promise<Config> {
  const [command, ...args] = only(objects, 'Deployment', deploymentName(objects)).spec.template.spec.containers[0].args;
  expect(command).toBe('run');
  const { promise, resolve } = Promise.withResolvers<Config>();
  const run = runCommand(async (config) => resolve(config), {}).exitOverride();
  await new Command()
    .exitOverride()
    .addCommand(run)
    .parseAsync(['run', ...args], { from: 'user' });
  return promise;
}

const deploymentName = (objects: readonly Rendered[]): string =>
  objects.find(({ kind, metadata }) => kind === 'Deployment' && !metadata.name.endsWith('-fake-aws'))?.metadata.name ??
  '';

describe.skipIf(missingHelm !== undefined)(`the chart${unlessMissing}`, () => {
  it.each(shapes)('makes what it made before, in the shape %s', async (shape) => {
    const objects = (await render(SHAPES[shape])).filter(({ kind }) => kind !== 'CustomResourceDefinition');
    const text = objects
      .map((object) => `---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`)
      .join('');
    await expect(text).toMatchFileSnapshot(`snapshots/${shape}.yaml`);
  });

  it.each(['1.29', '1.30', '1.31', '1.32', '1.33', '1.34', '1.35', '1.36', '1.33.2-eks-1234567'])(
    'is for Kubernetes %s',
    async (version) => {
      // Without the CRDs, which are the same whatever the version, and take the time.
      for (const shape of shapes) {
        const values = { ...SHAPES[shape], crds: { enabled: false } };
        expect((await render(values, '--kube-version', version)).length).toBeGreaterThan(1);
      }
    },
  );

  it('says that it is not for an older Kubernetes', async () => {
    const { code, stderr } = await template({}, '--kube-version', '1.28.9');
    expect([code, stderr]).toEqual([1, expect.stringContaining('>=1.29.0-0')]);
  });

  it.each(shapes)('passes helm lint, in the shape %s', async (shape) => {
    const values = JSON.stringify(SHAPES[shape]);
    const { code, stdout, stderr } = await helm(['lint', '--strict', CHART, '--values=-'], { input: values });
    expect({ code, problems: `${stdout}${stderr}`.match(/^\[(WARNING|ERROR)\].*$/gm) }).toEqual({
      code: 0,
      problems: null,
    });
  });

  it('brings every CRD as it stands in crds/, to be kept', async () => {
    const rendered = (await render({})).filter(({ kind }) => kind === 'CustomResourceDefinition');
    const files = globSync('*.yaml', { cwd: crdsFolder }).sort();
    const originals = files.map((file) => parse(readFileSync(join(crdsFolder, file), 'utf8')) as Rendered);
    expect(rendered.map(({ metadata, spec }) => [metadata.name, spec])).toEqual(
      originals.map(({ metadata, spec }) => [metadata.name, spec]),
    );
    for (const { metadata } of rendered) expect(metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  });

  it('leaves CRDs out, or lets them go with the release, where it is told to', async () => {
    const crds = async (values: object) =>
      (await render({ crds: values })).filter(({ kind }) => kind === 'CustomResourceDefinition');
    expect(await crds({ enabled: false })).toEqual([]);
    for (const { metadata } of await crds({ keep: false })) expect(metadata.annotations).toBeUndefined();
  });

  it.each(shapes)('gives the operator flags that it takes, in the shape %s', async (shape) => {
    await configOf(await render(SHAPES[shape]));
  });

  it('gives the operator every value that is for it', async () => {
    const config = await configOf(
      await render({ ...SHAPES.everything, namespaces: ['shop', 'shop-test'], extraArgs: [] }),
    );
    const { kubeconfig, leaderElectNamespace, ...rest } = config;
    expect(rest).toEqual({
      namespaces: ['shop', 'shop-test'],
      selector: 'team=web,tier!=test',
      accountSelector: 'tier=prod',
      region: 'eu-central-1',
      endpointUrl: 'https://aws.example.com',
      installationId: 'prod-1',
      defaultAccountNamespaces: [],
      readOnly: true,
      maxDeletesPerMinute: 0,
      workers: 5,
      resyncMs: 5_400_000,
      metricsAddress: { host: '', port: 9090 },
      healthAddress: { host: '', port: 9091 },
      leaderElect: true,
      logLevel: 'debug',
      logFormat: 'pretty',
      conditionMetricsLimit: 100_000,
      awsRateScale: 0.5,
    });
    expect([kubeconfig, leaderElectNamespace]).toEqual([undefined, 'ops']);
  });

  it('changes nothing of what the operator does by default', async () => {
    const { promise, resolve } = Promise.withResolvers<Config>();
    await runCommand(async (config) => resolve(config), {}).parseAsync([], { from: 'user' });
    const inChart = { leaderElect: true, leaderElectNamespace: 'ops' };
    expect(await configOf(await render({}))).toEqual({ ...(await promise), ...inChart });
  });

  it('points the operator at the fake, when that is on', async () => {
    const objects = await render(SHAPES['try-out']);
    const { endpointUrl, region } = await configOf(objects);
    const service = only(objects, 'Service', `${RELEASE}-fake-aws`);
    expect([endpointUrl, region]).toEqual([`http://${service.metadata.name}.ops.svc:4566`, 'eu-central-1']);
    const pod = only(objects, 'Deployment', `${RELEASE}-fake-aws`).spec.template;
    expect(pod.metadata.labels).toMatchObject(service.spec.selector);
    expect(pod.spec.containers[0].args).toEqual([
      ...['fake-aws', '--host=0.0.0.0', '--port=4566', '--speed=100', '--no-throttle'],
    ]);
  });

  it.each(shapes)('lets helm test ask Services and ports that are there, in the shape %s', async (shape) => {
    const objects = await render(SHAPES[shape]);
    const [command, ...args] = only(objects, 'Pod').spec.containers[0].args;
    expect([command, args[0]]).toEqual(['probe', '--limit=2m']);
    const served = objects
      .filter(({ kind }) => kind === 'Service')
      .flatMap(({ metadata, spec }) =>
        spec.ports.map(({ port }: { readonly port: number }) => `${metadata.name}.${metadata.namespace}.svc:${port}`),
      );
    const asked = args.slice(1).map((url: string) => new URL(url));
    expect([...new Set(asked.map(({ host }: URL) => host))].sort()).toEqual(served.sort());
    expect(asked.map(({ pathname }: URL) => pathname)).toEqual(expect.arrayContaining(['/healthz', '/readyz']));
  });

  it.each(shapes)('selects just the pods that are meant, in the shape %s', async (shape) => {
    const objects = await render(SHAPES[shape]);
    const name = deploymentName(objects);
    const deployments = objects.filter(({ kind }) => kind === 'Deployment');
    const labels = new Map(deployments.map(({ metadata, spec }) => [metadata.name, spec.template.metadata.labels]));
    const selected = (selector: Readonly<Record<string, string>>) =>
      [...labels]
        .filter(([, has]) => Object.entries(selector).every(([key, value]) => has[key] === value))
        .map(([key]) => key);
    for (const { spec, metadata } of deployments) expect(selected(spec.selector.matchLabels)).toEqual([metadata.name]);
    for (const { spec, metadata } of objects.filter(({ kind }) => kind === 'Service')) {
      expect(selected(spec.selector)).toEqual([metadata.name]);
    }
    const others = objects.filter(({ kind }) => /^(PodDisruptionBudget|ServiceMonitor|PodMonitor)$/.test(kind));
    for (const { spec } of others) expect(selected(spec.selector.matchLabels)).toEqual([name]);
    const { topologySpreadConstraints = [] } = only(objects, 'Deployment', name).spec.template.spec;
    for (const { labelSelector } of topologySpreadConstraints)
      expect(selected(labelSelector.matchLabels)).toEqual([name]);
  });

  it('never lets two releases of one name in two namespaces share an object', async () => {
    const clusterWide = async (namespace: string) =>
      (await render({ crds: { enabled: false }, accounts: SHAPES.everything.accounts }, `--namespace=${namespace}`))
        .filter(({ metadata }) => metadata.namespace === undefined)
        .map(({ metadata }) => metadata.name);
    const [one, other] = [await clusterWide('one'), await clusterWide('other')];
    expect(one.length).toBeGreaterThan(3);
    expect(one.filter((name) => other.includes(name))).toEqual([]);
  });

  it('shows the installation id and why to keep it, and what is not as usual', async () => {
    const notes = async (values: object) => {
      const args = ['install', RELEASE, CHART, '--namespace=ops', '--dry-run=client', '--values=-', '--output=json'];
      const { stdout, stderr } = await helm(args, { input: JSON.stringify(values) });
      expect(stderr).not.toContain('Error');
      return JSON.parse(stdout).info.notes as string;
    };
    const plain = await notes({});
    expect(plain).toContain('kubectl get namespace kube-system -o jsonpath={.metadata.uid}');
    expect(plain).toMatch(/KEEP IT.*\n.*\n\n +--set config\.installationId=/);
    expect(plain).toContain('objects wait until there is an AwsAccount');
    const other = await notes({ ...SHAPES['some-namespaces'], fakeAws: { enabled: true }, crds: { keep: false } });
    expect(other).toContain('for the namespaces shop, ops.');
    expect(other).toContain('\nprod-1\n');
    expect(other).toContain('FAKE AWS');
    expect(other).toContain('WARNING: crds.keep is false');
    expect(await notes({ config: { readOnly: true } })).toContain('READ-ONLY');
  });
});

describe('Chart.yaml', () => {
  const { version, appVersion, annotations } = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'));

  it('has the version of the program, which is the image that is taken by default', () => {
    expect({ version, appVersion }).toEqual({ version: packageJson.version, appVersion: packageJson.version });
  });

  it('tells Artifact Hub which kinds there are', () => {
    const listed = parse(annotations['artifacthub.io/crds']).map(({ kind }: { readonly kind: string }) => kind);
    const kinds = globSync('*.yaml', { cwd: crdsFolder }).map(
      (file) => parse(readFileSync(join(crdsFolder, file), 'utf8')).spec.names.kind,
    );
    expect(listed.sort()).toEqual(kinds.sort());
  });
});
