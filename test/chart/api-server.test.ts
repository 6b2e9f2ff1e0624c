import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { KIND_SCHEMAS } from '../../src/crd/kinds.ts';
import { elements, member, text } from '../../src/devcluster/json.ts';
import { runToEnd } from '../harness/command.ts';
import { type OwnControlPlane, ownControlPlane } from '../harness/control-plane.ts';
import { installCrds } from '../harness/crds.ts';
import { waitFor } from '../harness/wait-for.ts';
import { CHART, helm, missingHelm, NAMESPACE, only, RELEASE, type Rendered, render, unlessMissing } from './helm.ts';
import { MONITORING_CRDS } from './monitoring-crds.ts';
import { SHAPES, type Shape } from './shapes.ts';

let cluster: OwnControlPlane;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-operator-chart-'));
  cluster = await ownControlPlane({ crds: false });
  for (const name of [NAMESPACE, 'shop']) {
    const labels = {
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    };
    await request('POST', '/api/v1/namespaces', { metadata: { name, labels } });
  }
  for (const crd of MONITORING_CRDS) await request('POST', CRDS, crd);
  await waitFor(() => cluster.client.request({ method: 'GET', path: '/apis/monitoring.coreos.com/v1' }), {
    describe: 'the kinds of the Prometheus Operator are served',
    until: ({ body }) => elements(member(body, 'resources')).length === MONITORING_CRDS.length,
  });
});
afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true });
});

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** As the administrator. @throws what the API server says against it. */
async function request(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
  const answer = await cluster.client.request({ method, path, ...(body && { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const PLURALS: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies',
  PodDisruptionBudget: 'poddisruptionbudgets',
};

function collectionOf({ apiVersion, kind, metadata }: Rendered): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${scope}/${PLURALS[kind] ?? `${kind.toLowerCase()}s`}`;
}

/** What the API server says against an object, which it does not keep; nothing when it would take it. */
async function dryRun(object: Rendered): Promise<string | undefined> {
  const path = `${collectionOf(object)}?dryRun=All&fieldValidation=Strict`;
  const { status, body } = await cluster.client.request({ method: 'POST', path, body: object });
  return status === 201 ? undefined : `${object.kind} ${object.metadata.name}: ${JSON.stringify(body)}`;
}

describe.skipIf(missingHelm !== undefined)(`a real API server${unlessMissing}`, () => {
  it.each(Object.keys(SHAPES) as Shape[])('takes every object of the chart, in the shape %s', async (shape) => {
    // The CRDs are the same in all shapes, and take the time.
    const crds = shape === 'default' ? {} : { crds: { enabled: false } };
    const objects = await render({ ...SHAPES[shape], ...crds });
    const refused = await Promise.all(objects.map(dryRun));
    expect(refused.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it.each(Object.keys(SHAPES) as Shape[])(
    'lets every pod into a restricted namespace, in the shape %s',
    async (shape) => {
      await request('POST', `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, { metadata: { name: 'default' } }).catch(
        () => {},
      );
      const objects = await render(SHAPES[shape]);
      const pods = objects.flatMap(({ kind, metadata, spec }): readonly Rendered[] => {
        if (kind === 'Pod') return [{ apiVersion: 'v1', kind, metadata, spec }];
        if (spec?.template === undefined) return [];
        const named = { ...spec.template.metadata, name: metadata.name, namespace: NAMESPACE };
        return [{ apiVersion: 'v1', kind: 'Pod', metadata: named, spec: spec.template.spec }];
      });
      expect(pods.length).toBeGreaterThan(1);
      // The accounts and classes that a pod names are made by the release and by others.
      const plain = pods.map((pod) => {
        const { serviceAccountName: _account, priorityClassName: _class, ...spec } = pod.spec;
        return { ...pod, spec };
      });
      expect((await Promise.all(plain.map(dryRun))).filter((problem) => problem !== undefined)).toEqual([]);
      const loose = { ...plain[0], spec: { ...plain[0]?.spec, hostNetwork: true } } as Rendered;
      expect(await dryRun(loose), 'so that the above says something').toContain('PodSecurity');
    },
  );

  it('is installed, upgraded with its CRDs, rolled back and uninstalled by helm, which leaves CRDs and objects', async () => {
    const run = async (...args: readonly string[]) => {
      const { code, stderr, stdout } = await helm([
        ...args,
        `--namespace=${NAMESPACE}`,
        `--kubeconfig=${cluster.kubeconfigPath}`,
      ]);
      expect([code, stderr.replace(/^level=.*\n/gm, '')], stdout).toEqual([0, '']);
      return stdout;
    };
    const crd = `${CRDS}/ecsservices.ecs-operator.dev`;
    const older = await olderChart();
    await run('install', RELEASE, older, '--set=metrics.dashboard.enabled=true,metrics.prometheusRule.enabled=true');
    const uid = text(member(await request('GET', '/api/v1/namespaces/kube-system'), 'metadata', 'uid')) ?? '';
    expect(await run('get', 'notes', RELEASE), 'the installation id is shown').toContain(uid);

    const [secret] = elements(member(await request('GET', `/api/v1/namespaces/${NAMESPACE}/secrets`), 'items'));
    const stored = Buffer.from(text(member(secret, 'data', 'release')) ?? '', 'base64').length;
    expect(stored).toBeGreaterThan(50_000);
    // Kubernetes takes 1 MiB; half of it leaves room for kinds to come.
    expect(stored).toBeLessThan(512 * 1024);

    const account = {
      apiVersion: 'ecs-operator.dev/v1alpha1',
      kind: 'AwsAccount',
      metadata: { name: 'kept' },
      spec: { region: 'eu-central-1' },
    };
    await waitFor(() => request('POST', '/apis/ecs-operator.dev/v1alpha1/awsaccounts', account), {
      describe: 'the kinds are served',
    });

    const columns = async () => {
      const [version] = elements(member(await request('GET', crd), 'spec', 'versions'));
      return elements(member(version, 'additionalPrinterColumns')).length;
    };
    expect(await columns()).toBe(0);
    await run('upgrade', RELEASE, CHART, '--set=replicas=1');
    expect(await columns()).toBeGreaterThan(5);
    const deployment = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${RELEASE}`;
    expect(member(await request('GET', deployment), 'spec', 'replicas')).toBe(1);
    await run('rollback', RELEASE, '1');
    expect(await columns()).toBe(0);
    expect(member(await request('GET', deployment), 'spec', 'replicas')).toBe(2);

    await run('uninstall', RELEASE);
    expect((await cluster.client.request({ method: 'GET', path: deployment })).status).toBe(404);
    for (const { plural } of KIND_SCHEMAS) await request('GET', `${CRDS}/${plural}.ecs-operator.dev`);
    const kept = await request('GET', '/apis/ecs-operator.dev/v1alpha1/awsaccounts/kept');
    expect(member(kept, 'metadata', 'deletionTimestamp')).toBeUndefined();

    await run('install', RELEASE, CHART);
    await run('uninstall', RELEASE);
  });

  it('takes over CRDs that were applied by hand, with --take-ownership', async () => {
    await installCrds(cluster.client);
    const flags = ['--namespace=shop', `--kubeconfig=${cluster.kubeconfigPath}`];
    for (const { plural } of KIND_SCHEMAS) await disown(`${CRDS}/${plural}.ecs-operator.dev`);
    expect((await helm(['install', RELEASE, CHART, ...flags])).stderr).toMatch(/invalid ownership metadata/);
    expect(await helm(['install', RELEASE, CHART, '--take-ownership', ...flags])).toMatchObject({ code: 0 });
    expect(await helm(['uninstall', RELEASE, ...flags])).toMatchObject({ code: 0 });
  });

  it('gives the Job of the accounts just what it needs to apply them, and waits for their CRD', async () => {
    const objects = await render({ accounts: SHAPES.everything.accounts, crds: { enabled: false } });
    const component = (object: Rendered) => object.metadata.labels?.['app.kubernetes.io/component'] === 'accounts';
    for (const object of objects.filter(component)) {
      if (/Role|ServiceAccount/.test(object.kind)) await request('POST', collectionOf(object), object);
    }
    const accounts = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${RELEASE}-accounts`;
    const token = member(await request('POST', `${accounts}/token`, { spec: {} }), 'status', 'token');
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, cluster.kubeconfig.replace(cluster.access.token, String(token)));
    const manifests = join(folder, 'accounts.yaml');
    await writeFile(manifests, only(objects, 'ConfigMap', `${RELEASE}-accounts`).data['accounts.yaml']);
    const [command, file, ...more] = only(objects, 'Job').spec.template.spec.containers[0].args;
    expect([command, file, more]).toEqual(['apply-accounts', '/etc/ecs-operator/accounts/accounts.yaml', []]);
    const apply = () => runToEnd(['apply-accounts', manifests, `--kubeconfig=${kubeconfig}`, '--limit=60s']);

    await request('DELETE', `${CRDS}/awsaccounts.ecs-operator.dev`).catch(() => {});
    const applying = apply();
    const crds = (await render({})).filter(({ kind }) => kind === 'CustomResourceDefinition');
    await waitFor(
      () =>
        request(
          'POST',
          CRDS,
          crds.find(({ metadata }) => metadata.name.startsWith('awsaccounts')),
        ),
      {
        describe: 'the CRD comes later',
      },
    );
    expect(await applying).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/default: applied\nAwsAccount test: applied\n$/),
    });
    const made = await request('GET', '/apis/ecs-operator.dev/v1alpha1/awsaccounts/default');
    expect(member(made, 'spec')).toEqual(SHAPES.everything.accounts[0].spec);
    expect(await apply(), 'again, as an upgrade does').toMatchObject({ code: 0 });

    const wrong = { ...account('default'), spec: { region: 'eu-central-1', regions: [] } };
    await writeFile(manifests, stringify(wrong));
    expect(await apply()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/AwsAccount default: .*spec\.regions: field not declared in schema/),
    });
    await writeFile(manifests, stringify(account('another')));
    const refused = await runToEnd(['apply-accounts', manifests, `--kubeconfig=${kubeconfig}`, '--limit=0']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/AwsAccount another: .*forbidden/) });
  });
});

/** The chart before a column was added to a kind. */
async function olderChart(): Promise<string> {
  const copy = join(folder, 'older');
  await cp(CHART, copy, { recursive: true });
  const file = join(copy, 'files/crds/ecsservices.yaml');
  const crd = parse(await readFile(file, 'utf8'));
  delete crd.spec.versions[0].additionalPrinterColumns;
  await writeFile(file, stringify(crd));
  return copy;
}

/** As if Helm had never seen it. */
async function disown(path: string): Promise<void> {
  const body = { metadata: { labels: null, annotations: null } };
  await cluster.client.request({ method: 'PATCH', path, contentType: 'application/merge-patch+json', body });
}

function account(name: string): object {
  return {
    apiVersion: 'ecs-operator.dev/v1alpha1',
    kind: 'AwsAccount',
    metadata: { name },
    spec: { region: 'eu-central-1' },
  };
}
