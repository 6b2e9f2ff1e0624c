import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const WORKFLOWS = globSync('.github/workflows/*.yml', { cwd: root }).sort();

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly steps?: readonly Step[];
}

// actionlint, in its own test, holds the files to the schema of workflows.
const workflow = (path: string) =>
  parse(read(path)) as { readonly permissions: object; readonly jobs: Readonly<Record<string, Job>> };
const stepsOf = (path: string) => Object.values(workflow(path).jobs).flatMap(({ steps = [] }) => steps);

describe.each(WORKFLOWS)('%s', (path) => {
  it('pins every action by its commit, with the version behind', () => {
    const uses = [...read(path).matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, action = '']) => action);
    const foreign = uses.filter((action) => !action.startsWith('./'));
    expect(foreign.length + uses.length).toBeGreaterThan(0);
    expect(foreign.filter((action) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it('gives no job a right that it was not given by name', () => {
    expect(workflow(path).permissions).toEqual({});
    for (const [name, { permissions }] of Object.entries(workflow(path).jobs)) {
      expect(permissions, name).toHaveProperty('contents');
    }
  });

  it('ends every job that hangs', () => {
    for (const [name, job] of Object.entries(workflow(path).jobs)) {
      if (job.uses === undefined) expect(job['timeout-minutes'], name).toBeLessThanOrEqual(60);
    }
  });

  it('leaves no token in the checkout', () => {
    const checkouts = stepsOf(path).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
  });

  it('puts nothing that others write into a shell command', () => {
    const scripts = stepsOf(path).flatMap(({ run }) => run ?? []);
    expect(scripts.filter((run) => /\$\{\{/.test(run))).toEqual([]);
  });

  it('runs npm scripts and files that are there', () => {
    const scripts = stepsOf(path)
      .flatMap(({ run }) => run ?? [])
      .join('\n');
    const named = [...scripts.matchAll(/npm (?:run )?(test|(?<=run )[a-z:]+[a-z0-9]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([]);
    for (const [, file = ''] of scripts.matchAll(/node (scripts\/\S+)/g)) expect(read(file)).not.toBe('');
  });
});

describe('the workflows', () => {
  it('use one version of each action', () => {
    const pins = new Map<string, Set<string>>();
    for (const { uses = '' } of WORKFLOWS.flatMap(stepsOf)) {
      const [action = '', commit = ''] = uses.split('@');
      if (action !== '') pins.set(action, (pins.get(action) ?? new Set()).add(commit));
    }
    expect(pins.size).toBeGreaterThan(5);
    expect([...pins].filter(([, commits]) => commits.size > 1)).toEqual([]);
  });

  it('publish only after everything was tested', () => {
    const { jobs } = workflow('.github/workflows/release.yml');
    // A job's needs, as far as they go.
    const needs = (name: string): readonly string[] => {
      const own = [(jobs[name] as { readonly needs?: string | readonly string[] }).needs ?? []].flat();
      return [...own, ...own.flatMap(needs)];
    };
    const publishing = Object.entries(jobs).filter(([, { permissions = {} }]) =>
      Object.values(permissions).includes('write'),
    );
    expect(publishing.map(([name]) => name)).toEqual(['image', 'chart', 'npm', 'github']);
    for (const [name] of publishing) expect(needs(name)).toEqual(expect.arrayContaining(['version', 'test', 'e2e']));
  });

  it('find in the chart what the release replaces by the published image', () => {
    const values = read('charts/ecs-operator/values.yaml');
    expect(values).toMatch(/^ {2}repository: ecs-operator$/m);
    expect(values.match(/^ {2}digest: ""$/gm)).toHaveLength(1);
    expect(read('Dockerfile')).toMatch(/^ARG BASE_IMAGE=\S+:\S+$/m);
  });
});

describe('the package', () => {
  it('has what npm shows and what provenance needs', () => {
    expect(packageJson.repository.url).toMatch(/^git\+https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/);
    expect(packageJson.keywords.length).toBeGreaterThan(3);
    expect(packageJson.license).toBe('Apache-2.0');
  });

  it('is of the version of the chart', () => {
    const chart = parse(read('charts/ecs-operator/Chart.yaml'));
    expect([chart.version, chart.appVersion]).toEqual([packageJson.version, packageJson.version]);
  });

  it('has a changelog with what is not released yet, in the groups of Keep a Changelog', () => {
    const changelog = read('CHANGELOG.md');
    expect(changelog).toMatch(/^## \[Unreleased\]$/m);
    const groups = [...changelog.matchAll(/^### (.+)$/gm)].map(([, group]) => group);
    const known = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
    expect(groups.filter((group) => group === undefined || !known.includes(group))).toEqual([]);
    for (const [, version] of changelog.matchAll(/^## \[(\d[^\]]*)\](.*)$/gm)) {
      expect(changelog).toMatch(new RegExp(`^## \\[${version}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm'));
    }
  });
});
