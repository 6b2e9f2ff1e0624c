import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { customResourceDefinition } from '../../../src/crd/definition.ts';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { elements, member } from '../../../src/devcluster/json.ts';
import { build, missingKustomize, one } from './build.ts';

const GROUP = 'ecs-operator.dev';
const meta = (kind: string, name: string, namespace = 'shop') => ({
  apiVersion: `${GROUP}/v1alpha1`,
  kind,
  metadata: { name, ...(kind !== 'AwsAccount' && { namespace }) },
});
const unlessMissing = missingKustomize === undefined ? '' : ` (skipped: ${missingKustomize})`;

describe.skipIf(missingKustomize !== undefined)(`the kustomize component${unlessMissing}`, () => {
  const images = [
    { name: 'public.ecr.aws/docker/library/httpd', newTag: '2.4.99' },
    { name: 'public.ecr.aws/nginx/nginx', newName: 'registry.example.com/nginx', digest: `sha256:${'0'.repeat(64)}` },
  ];

  test('lets images: set the image of a task definition and of a template', async () => {
    const built = await build({ images });
    expect(one(built, 'EcsTaskDefinition', 'backend').spec.containerDefinitions[0].image).toBe(
      'public.ecr.aws/docker/library/httpd:2.4.99',
    );
    const { taskDefinitionTemplate } = one(built, 'EcsService', 'frontend').spec;
    expect(taskDefinitionTemplate.containerDefinitions[0].image).toBe(
      `registry.example.com/nginx@sha256:${'0'.repeat(64)}`,
    );
    expect(one(built, 'EcsTaskDefinition', 'worker').spec.containerDefinitions[0].image).toBe(
      'public.ecr.aws/docker/library/busybox:1.37',
    );
  });

  test('is what makes the difference: without it kustomize leaves images, references and containers wrong', async () => {
    const patches = [{ patch: JSON.stringify({ ...meta('EcsTaskDefinition', 'two'), ...withContainers('b:2', 'b') }) }];
    const objects = [{ ...meta('EcsTaskDefinition', 'two'), ...withContainers('a:1', 'a', 'b') }];
    const built = await build({ component: false, objects, patches, images: [{ name: 'b', newTag: '3' }] });
    expect(one(built, 'EcsTaskDefinition', 'two').spec.containerDefinitions).toEqual([{ name: 'b', image: 'b:2' }]);
  });

  test('makes references follow namePrefix and nameSuffix', async () => {
    const built = await build({ namePrefix: 'pr7-', nameSuffix: '-x' });
    const backend = one(built, 'EcsService', 'pr7-backend-x').spec;
    expect(backend.clusterRef).toEqual({ name: 'pr7-shop-x' });
    expect(backend.taskDefinitionRef).toEqual({ name: 'pr7-backend-x' });
    expect(backend.serviceRegistries).toEqual([{ cloudMapServiceRef: { name: 'pr7-backend-x' } }]);
    expect(one(built, 'CloudMapService', 'pr7-backend-x').spec.namespaceRef).toEqual({ name: 'pr7-shop-local-x' });
  });

  test('makes references to accounts and namespaces, and those of an autoscaler, follow', async () => {
    const built = await build({
      namePrefix: 'pr7-',
      objects: [
        { ...meta('AwsAccount', 'production'), spec: { region: 'eu-central-1' } },
        { ...meta('CloudMapNamespace', 'mesh'), spec: { accountRef: { name: 'production' } } },
        { ...meta('EcsCluster', 'main'), spec: { serviceConnectDefaults: { namespaceRef: { name: 'mesh' } } } },
        {
          ...meta('EcsService', 'web'),
          spec: { clusterRef: { name: 'main' }, serviceConnectConfiguration: { namespaceRef: { name: 'mesh' } } },
        },
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'shop', annotations: { 'ecs-operator.dev/account': 'production' } },
        },
        {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'web', namespace: 'shop' },
          spec: {
            scaleTargetRef: { apiVersion: `${GROUP}/v1alpha1`, kind: 'EcsService', name: 'web' },
            maxReplicas: 3,
          },
        },
      ],
    });
    expect(one(built, 'CloudMapNamespace', 'pr7-mesh').spec.accountRef).toEqual({ name: 'pr7-production' });
    expect(one(built, 'EcsCluster', 'pr7-main').spec.serviceConnectDefaults.namespaceRef.name).toBe('pr7-mesh');
    const { serviceConnectConfiguration } = one(built, 'EcsService', 'pr7-web').spec;
    expect(serviceConnectConfiguration.namespaceRef).toEqual({ name: 'pr7-mesh' });
    expect(one(built, 'Namespace', 'shop').metadata.annotations).toEqual({
      'ecs-operator.dev/account': 'pr7-production',
    });
    expect(one(built, 'HorizontalPodAutoscaler', 'pr7-web').spec.scaleTargetRef.name).toBe('pr7-web');
  });

  test('lets a patch change one container and add one, and leaves the others; the same in a template', async () => {
    const containers = withContainers('1', 'app', 'log');
    const patch = withContainers('2', 'log', 'probe');
    const built = await build({
      objects: [
        { ...meta('EcsTaskDefinition', 'web'), ...containers },
        { ...meta('EcsService', 'web'), spec: { taskDefinitionTemplate: containers.spec } },
      ],
      patches: [
        { patch: JSON.stringify({ ...meta('EcsTaskDefinition', 'web'), ...patch }) },
        { patch: JSON.stringify({ ...meta('EcsService', 'web'), spec: { taskDefinitionTemplate: patch.spec } }) },
      ],
    });
    for (const spec of [
      one(built, 'EcsTaskDefinition', 'web').spec,
      one(built, 'EcsService', 'web').spec.taskDefinitionTemplate,
    ]) {
      const byName = Object.fromEntries(
        spec.containerDefinitions.map(({ name, image }: { name: string; image: string }) => [name, image]),
      );
      expect(byName).toEqual({ app: 'app:1', log: 'log:2', probe: 'probe:2' });
    }
  });

  test('lets tags be patched one by one, and leaves what Kubernetes brings itself as it was', async () => {
    const pod = (...containers: object[]) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'app', namespace: 'shop' },
      spec: { template: { spec: { containers } } },
    });
    const tags = (...pairs: string[][]) => ({ spec: { tags: pairs.map(([key, value]) => ({ key, value })) } });
    const built = await build({
      objects: [
        { ...meta('EcsCluster', 'main'), ...tags(['team', 'shop'], ['stage', 'test']) },
        pod({ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:1' }),
      ],
      patches: [
        { patch: JSON.stringify({ ...meta('EcsCluster', 'main'), ...tags(['stage', 'production']) }) },
        { patch: JSON.stringify(pod({ name: 'b', image: 'b:2' })) },
      ],
    });
    const cluster = one(built, 'EcsCluster', 'main').spec.tags as { key: string; value: string }[];
    expect(Object.fromEntries(cluster.map(({ key, value }) => [key, value]))).toEqual({
      team: 'shop',
      stage: 'production',
    });
    const { containers } = one(built, 'Deployment', 'app').spec.template.spec;
    expect(containers.map(({ image }: { image: string }) => image).sort()).toEqual(['a:1', 'b:2']);
  });

  test('lets replicas: set a count that is declared, and declares none where an autoscaler has it', async () => {
    const replicas = [
      { name: 'frontend', count: 9 },
      { name: 'worker', count: 9 },
    ];
    const built = await build({ replicas });
    expect(one(built, 'EcsService', 'frontend').spec.desiredCount).toBe(9);
    expect(one(built, 'EcsService', 'worker').spec).not.toHaveProperty('desiredCount');
  });

  test('knows that an AwsAccount has no namespace', async () => {
    const built = await build({ namespace: 'team' });
    expect(one(built, 'AwsAccount', 'default').metadata).toEqual({ name: 'default' });
    expect(one(built, 'EcsCluster', 'shop').metadata.namespace).toBe('team');
  });
});

describe('the component', () => {
  const read = (file: string): unknown =>
    parse(readFileSync(new URL(`../../../kustomize/${file}`, import.meta.url), 'utf8'));
  const crds = KIND_SCHEMAS.map((schema) => ({
    kind: schema.kind,
    spec: member(
      customResourceDefinition(schema, { describe: () => undefined }).spec.versions[0].schema.openAPIV3Schema,
      'properties',
      'spec',
    ),
  }));
  const pathsIn = (file: string, key: string) =>
    elements(member(read(file), key)).flatMap((entry) => member(entry, 'fieldSpecs') ?? entry) as {
      kind?: string;
      path: string;
    }[];

  test('knows every reference of every kind', () => {
    const known = new Set(
      pathsIn('name-references.yaml', 'nameReference').map(({ kind = '*', path }) => `${kind} ${path}`),
    );
    const references = crds.flatMap(({ kind, spec }) =>
      membersOf(spec, 'spec')
        .filter((path) => path.endsWith('Ref'))
        .map((path) => (path === 'spec/accountRef' ? `* ${path}/name` : `${kind} ${path}/name`)),
    );
    expect(references.length).toBeGreaterThan(8);
    for (const reference of references) expect(known, reference).toContain(reference);
  });

  test('knows every image of every kind', () => {
    const images = crds.flatMap(({ kind, spec }) =>
      membersOf(spec, 'spec')
        .filter((path) => path.endsWith('/image'))
        .map((path) => `${kind} ${path}`),
    );
    expect(
      pathsIn('images.yaml', 'images')
        .map(({ kind, path }) => `${kind} ${path}`)
        .sort(),
    ).toEqual(images.sort());
  });
});

function withContainers(image: string, ...names: string[]) {
  const tag = image.includes(':') ? image.slice(image.indexOf(':') + 1) : image;
  return { spec: { containerDefinitions: names.map((name) => ({ name, image: `${name}:${tag}` })) } };
}

/** Paths of all members under a schema, as kustomize writes them. */
function membersOf(schema: unknown, path: string): readonly string[] {
  const items = member(schema, 'items');
  if (items !== undefined) return membersOf(items, `${path}[]`);
  const inside = Object.entries(member(schema, 'properties') ?? {});
  return inside.flatMap(([name, one]) => [`${path}/${name}`, ...membersOf(one, `${path}/${name}`)]);
}
