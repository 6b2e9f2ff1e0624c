import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalValue } from '../../test/shape/arbitrary-value.ts';
import { declaredPaths, placeAt, topMember, unionPaths, unsetPaths, valueAt } from './leaves.ts';
import { formatPath, parsePath } from './path.ts';
import type { JsonObject } from './shape.ts';
import { clusterShape, serviceShape, taskDefinitionShape } from './shapes.ts';

describe('the declared leaves', () => {
  test.each<{ why: string; spec: JsonObject; shape?: typeof serviceShape; paths: readonly string[] }>([
    {
      why: 'a list that AWS takes as a whole is one leaf',
      spec: { networkConfiguration: { awsvpcConfiguration: { subnets: ['a', 'b'], assignPublicIp: 'ENABLED' } } },
      paths: [
        'networkConfiguration.awsvpcConfiguration.assignPublicIp',
        'networkConfiguration.awsvpcConfiguration.subnets',
      ],
    },
    {
      why: 'containers are told apart by name, and a name alone declares nothing',
      shape: taskDefinitionShape,
      spec: { containerDefinitions: [{ name: 'web', image: 'nginx', environment: [] }] },
      paths: ['containerDefinitions[name=web].environment', 'containerDefinitions[name=web].image'],
    },
    {
      why: 'each tag is a leaf of its own, since tags of others stand beside ours',
      spec: {
        tags: [
          { key: 'team', value: 'a' },
          { key: 'a/b c', value: '' },
        ],
      },
      paths: ['tags[key=a/b c]', 'tags[key=team]'],
    },
    {
      why: 'a setting of a cluster is a leaf of its own',
      shape: clusterShape,
      spec: { settings: [{ name: 'containerInsights', value: 'enabled' }] },
      paths: ['settings[name=containerInsights]'],
    },
    {
      why: 'each entry of a map is a leaf',
      spec: { serviceConnectConfiguration: { logConfiguration: { options: { 'awslogs-group': 'x' } } } },
      paths: ['serviceConnectConfiguration.logConfiguration.options[awslogs-group]'],
    },
    {
      why: 'empty values are declared too: [] clears',
      spec: { loadBalancers: [], tags: [], networkConfiguration: {} },
      paths: ['loadBalancers', 'networkConfiguration', 'tags'],
    },
    {
      why: 'items that their key cannot tell apart make one leaf',
      spec: {
        tags: [
          { key: 'a', value: '1' },
          { key: 'a', value: '2' },
        ],
      },
      paths: ['tags'],
    },
  ])('$why', ({ spec, shape = serviceShape, paths }) => {
    expect(declaredPaths(spec, shape)).toEqual(paths);
  });

  test.each([
    ['task definition', taskDefinitionShape],
    ['service', serviceShape],
    ['cluster', clusterShape],
  ])('of any %s parse back, lead to a value, and stand there once', (_kind, shape) => {
    fc.assert(
      fc.property(normalValue(shape), (spec) => {
        const paths = declaredPaths(spec, shape);
        expect(new Set(paths).size).toBe(paths.length);
        for (const path of paths) {
          expect(formatPath(parsePath(path))).toBe(path);
          expect(valueAt(spec, path), path).toBeDefined();
          expect(placeAt(shape, path).member, path).toBeDefined();
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is no longer declared', () => {
  test.each<{ why: string; before: string[]; now: string[]; unset: string[] }>([
    { why: 'what left the spec is unset', before: ['a.b', 'a.c'], now: ['a.c'], unset: ['a.b'] },
    { why: 'what was never declared is not', before: [], now: ['a'], unset: [] },
    { why: 'an object that was empty and is filled now was not given up', before: ['a'], now: ['a.b'], unset: [] },
    { why: 'one tag of two', before: ['tags[key=a]', 'tags[key=b]'], now: ['tags[key=b]'], unset: ['tags[key=a]'] },
    {
      why: 'all tags, though an empty list is declared',
      before: ['tags[key=a]'],
      now: ['tags'],
      unset: ['tags[key=a]'],
    },
    { why: 'a neighbour with a longer name keeps nothing', before: ['a'], now: ['ab'], unset: ['a'] },
  ])('$why', ({ before, now, unset }) => {
    expect(unsetPaths(before, now)).toEqual(unset);
  });

  test('unset and declared are never the same path, and nothing is lost between them', () => {
    const paths = fc.array(fc.constantFrom<string>('a', 'a.b', 'a.b.c', 'd', 'tags[key=x]'), { maxLength: 5 });
    fc.assert(
      fc.property(paths, paths, (before, now) => {
        const unset = unsetPaths(before, now);
        expect(unset.filter((path) => now.includes(path))).toEqual([]);
        expect(unionPaths(before, now)).toEqual(expect.arrayContaining([...unset, ...now]));
      }),
    );
  });
});

test.each([
  ['networkConfiguration.awsvpcConfiguration.subnets', 'networkConfiguration'],
  ['tags[key=a.b]', 'tags'],
])('%s belongs to %s, by which an update request is made', (path, member) => {
  expect(topMember(path)).toBe(member);
});
