import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The folder that has the layout of Argo CD's own resource_customizations. */
export const CUSTOMIZATIONS = fileURLToPath(new URL('../../argocd/resource_customizations', import.meta.url));
const GROUP = join(CUSTOMIZATIONS, 'ecs-operator.dev');

/** The kinds that have a folder there, sorted. */
export const CUSTOMIZED = globSync('*/health.lua', { cwd: GROUP }).map(dirname).sort();

/** Path of a file of a kind's. */
export const pathOf = (kind: string, file: string): string => join(GROUP, kind, file);

/** Text of a file of a kind's. */
export const textOf = (kind: string, file: string): string => readFileSync(pathOf(kind, file), 'utf8');

/** An object of the testdata. */
export function objectOf(kind: string, file: string): Readonly<Record<string, unknown>> {
  // Safe: testdata are objects of Kubernetes.
  return parse(textOf(kind, file)) as Readonly<Record<string, unknown>>;
}

/** How Argo CD takes an object's health. */
export interface Health {
  readonly status: string;
  readonly message?: string;
}

/** `health_test.yaml`. */
export interface HealthTest {
  readonly inputPath: string;
  readonly healthStatus: Health;
}

/** An entry of what `discovery.lua` gives, as Argo CD reads it. */
export interface DiscoveredAction {
  readonly name: string;
  readonly disabled?: boolean;
  readonly iconClass?: string;
}

/** `action_test.yaml`. */
export interface ActionTests {
  readonly discoveryTests: readonly { readonly inputPath: string; readonly result: readonly DiscoveredAction[] }[];
  readonly actionTests: readonly {
    readonly action: string;
    readonly inputPath: string;
    readonly expectedOutputPath: string;
  }[];
}

/** @returns the tests of `health_test.yaml`. */
export function healthTestsOf(kind: string): readonly HealthTest[] {
  // Safe: the form is what these tests try.
  return (parse(textOf(kind, 'health_test.yaml')) as { tests: readonly HealthTest[] }).tests;
}

/** @returns the tests of `action_test.yaml`. */
export function actionTestsOf(kind: string): ActionTests {
  // Safe: as above.
  return parse(textOf(kind, 'action_test.yaml')) as ActionTests;
}
