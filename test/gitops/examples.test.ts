import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { elements, member, text } from '../../src/devcluster/json.ts';

const FOLDER = fileURLToPath(new URL('../../argocd/examples/', import.meta.url));
const read = (file: string): unknown => parse(readFileSync(`${FOLDER}${file}`, 'utf8'));
const waves = parseAllDocuments(readFileSync(`${FOLDER}waves.yaml`, 'utf8')).map((one): unknown => one.toJS());

const application = read('application.yaml');
const project = read('project.yaml');
const template = member(read('applicationset.yaml'), 'spec', 'template');
const optionsOf = (app: unknown) => elements(member(app, 'spec', 'syncPolicy', 'syncOptions'));

describe('the examples for Argo CD', () => {
  it('apply and compare by the API server, and prune in production only what a person confirmed', () => {
    for (const app of [application, template]) {
      expect(optionsOf(app)).toContain('ServerSideApply=true');
      expect(member(app, 'metadata', 'annotations', 'argocd.argoproj.io/compare-options')).toBe('ServerSideDiff=true');
    }
    expect(optionsOf(application)).toEqual(expect.arrayContaining(['Prune=confirm', 'Delete=confirm']));
    const stages = elements(member(read('applicationset.yaml'), 'spec', 'generators')).flatMap((one) =>
      elements(member(one, 'list', 'elements')),
    );
    expect(stages).toContainEqual({ stage: 'production', prune: 'confirm' });
    expect(optionsOf(template)).toContain('Prune={{ .prune }}');
  });

  it('leave everything when the Application goes', () => {
    expect(member(application, 'metadata', 'finalizers')).toBeUndefined();
    expect(member(read('applicationset.yaml'), 'spec', 'syncPolicy', 'preserveResourcesOnDeletion')).toBe(true);
  });

  it('are in a project that lets a team write neither Namespaces nor AwsAccounts', () => {
    expect(member(project, 'spec', 'clusterResourceWhitelist')).toEqual([]);
    for (const app of [application, template]) {
      expect(member(app, 'spec', 'project')).toBe(member(project, 'metadata', 'name'));
      const repositories = elements(member(project, 'spec', 'sourceRepos'));
      expect(repositories).toContain(member(app, 'spec', 'source', 'repoURL'));
    }
  });

  it('have a task definition and the service that refers to it in one wave, after what they need', () => {
    const wave = new Map(
      waves.map((one) => {
        const given = text(member(one, 'metadata', 'annotations', 'argocd.argoproj.io/sync-wave'));
        return [text(member(one, 'kind')), Number(given ?? 0)];
      }),
    );
    expect(wave.get('EcsTaskDefinition')).toBe(wave.get('EcsService'));
    expect(wave.get('AwsAccount')).toBeLessThan(wave.get('EcsCluster') ?? Number.NaN);
    expect(wave.get('EcsCluster')).toBeLessThan(wave.get('EcsService') ?? Number.NaN);
  });
});
