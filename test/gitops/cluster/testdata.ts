import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { elements, member } from '../../../src/devcluster/json.ts';
import type { Kind, Live, World } from '../../harness/world.ts';
import { type DiscoveredAction, objectOf, pathOf } from '../customizations.ts';

/** Set to write argocd/…/testdata and the tests beside it anew, with the kubectl on the PATH. */
export const UPDATE = process.env.UPDATE_ARGOCD_TESTDATA === '1';

/** An object in a state that matters. */
export interface State {
  readonly kind: Kind;
  /** Of the file in `testdata/`, without `.yaml`. */
  readonly file: string;
  /** The health that a person would give it. */
  readonly health: 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended';
  /** The condition whose message is shown; for what has none, the words. */
  readonly says: 'Ready' | 'Reconciling' | 'Stalled' | { readonly words: string };
  readonly live: Live;
}

/** Conditions as far as they are the same in every run. */
export function conditionsOf(object: unknown): readonly string[] {
  return elements(member(object, 'status', 'conditions')).map((condition) => {
    const is = (key: string) => String(member(condition, key));
    const current = member(condition, 'observedGeneration') === member(object, 'metadata', 'generation');
    return `${is('type')} ${is('status')} ${is('reason')}${current ? '' : ' (of an earlier generation)'}`;
  });
}

/** What Argo CD shows beside the health. */
export function messageOf({ says }: State, object: unknown): string {
  if (typeof says !== 'string') return says.words;
  const condition = elements(member(object, 'status', 'conditions')).find((one) => member(one, 'type') === says);
  return String(member(condition, 'message'));
}

/** Writes what `kubectl get -o yaml` prints, with the namespace of the examples in place of the test's. */
export async function writeState(world: World, state: State): Promise<void> {
  const { kind, file, live } = state;
  const printed = await promisify(execFile)('kubectl', [
    `--kubeconfig=${world.cluster.kubeconfigPath}`,
    `--namespace=${world.namespace}`,
    ...['get', kind, live.metadata.name, '-o', 'yaml'],
  ]);
  const path = pathOf(kind, `testdata/${file}.yaml`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, printed.stdout.replaceAll(world.namespace, 'shop').replaceAll(world.fake.url, 'http://fake-aws'));
}

/** Writes `health_test.yaml`, with what a person would say of each state. */
export function writeHealthTest(kind: Kind, states: readonly State[]): void {
  const tests = states.map((state) => {
    const message = messageOf(state, objectOf(kind, `testdata/${state.file}.yaml`));
    return { healthStatus: { status: state.health, message }, inputPath: `testdata/${state.file}.yaml` };
  });
  writeFileSync(pathOf(kind, 'health_test.yaml'), stringify({ tests }, { lineWidth: 0 }));
}

const PAUSED = 'ecs-operator.dev/paused';
/** Argo CD's own test takes the time out of what an action sets; ours too. */
export const RESTARTED_AT = '2026-01-02T03:04:05Z';

/** Writes `action_test.yaml` and the objects that the actions shall give, made without any Lua. */
export function writeActionTest(kind: Kind): void {
  const actions = (pause: boolean, resume: boolean, restart = true): readonly DiscoveredAction[] => [
    { name: 'pause', disabled: !pause, iconClass: 'fa fa-fw fa-pause' },
    { name: 'resume', disabled: !resume, iconClass: 'fa fa-fw fa-play' },
    ...(kind === 'EcsService' ? [{ name: 'restart', disabled: !restart, iconClass: 'fa fa-fw fa-redo' }] : []),
  ];
  const discoveryTests = [
    { inputPath: 'testdata/healthy.yaml', result: actions(true, false) },
    { inputPath: 'testdata/suspended_paused.yaml', result: actions(false, true) },
  ];
  const actionTests = [changed(kind, 'pause', 'healthy'), changed(kind, 'resume', 'suspended_paused')];
  if (kind === 'EcsService') {
    discoveryTests.push({ inputPath: 'testdata/suspended_pausedBySpec.yaml', result: actions(false, false) });
    discoveryTests.push({ inputPath: 'testdata/progressing_codeDeploy.yaml', result: actions(true, false, false) });
    actionTests.push(changed(kind, 'restart', 'healthy'));
  }
  writeFileSync(pathOf(kind, 'action_test.yaml'), stringify({ discoveryTests, actionTests }, { lineWidth: 0 }));
}

function changed(kind: Kind, action: 'pause' | 'resume' | 'restart', file: string) {
  const inputPath = `testdata/${file}.yaml`;
  // Safe: testdata are objects of Kubernetes.
  const object = structuredClone(objectOf(kind, inputPath)) as {
    metadata: { annotations?: Record<string, string> };
    spec: Record<string, unknown>;
  };
  const { [PAUSED]: _none, ...others } = object.metadata.annotations ?? {};
  if (action === 'restart') object.spec.restartedAt = RESTARTED_AT;
  else if (action === 'pause') object.metadata.annotations = { ...others, [PAUSED]: 'true' };
  else if (Object.keys(others).length > 0) object.metadata.annotations = others;
  else delete object.metadata.annotations;
  const expectedOutputPath = `testdata/${file}_after_${action}.yaml`;
  writeFileSync(pathOf(kind, expectedOutputPath), stringify(object, { lineWidth: 0 }));
  return { action, inputPath, expectedOutputPath };
}

/** @returns the committed object of a state. */
export function committed({ kind, file }: State): unknown {
  return objectOf(kind, `testdata/${file}.yaml`);
}
