import { findCondition } from '../../../src/runtime/conditions.ts';
import type { Json } from '../../../src/shape/shape.ts';
import type { Hands, Scenario } from '../scenarios/scenario.ts';
import type { Manifest } from '../world/person.ts';
import { DEFAULTS_LEFT, IN_OTHER_WORDS, LEAVES_BEHIND, ONLY_DEFAULT } from './expected.ts';
import { changes, type InAws, inAws, shows } from './in-aws.ts';
import { type Leaf, scalarsOf } from './leaves.ts';
import { replacing } from './replacing.ts';

/** What a leaf's story came to. */
export interface Told {
  /** How the object stood at first, with the leaf set, changed and taken away: `Ready`, or why not. */
  readonly endings: readonly string[];
  /** What AWS holds though it should not, and the other way round. */
  readonly wrong: readonly string[];
}

/** The story of one leaf: applied without it, set, changed, taken away. `told` is filled as it runs. */
export function leafStory(
  leaf: Leaf,
  objects: readonly Manifest[],
): { readonly scenario: Scenario; readonly told: Told } {
  const { kind, top, values, without } = leaf;
  const manifest = objects.find((one) => one.kind === kind);
  if (manifest === undefined) throw new Error(`no ${kind} is applied`);
  const { name } = manifest.metadata;
  const base: Readonly<Record<string, unknown>> = { ...manifest.spec };
  const around = without ?? base[top];
  const applied = objects.map((one) =>
    one === manifest && around !== undefined ? { ...one, spec: { ...base, [top]: around } } : one,
  );
  const endings: string[] = [];
  const wrong: string[] = [];
  const states: InAws[] = [];
  let refusal: string | undefined;

  const look = (hands: Hands): void => {
    endings.push(refusal ?? endingOf(hands, kind, name));
    states.push(inAws(kind, hands));
    refusal = undefined;
  };
  const write = async (hands: Hands, value: unknown): Promise<void> => {
    look(hands);
    const current: unknown = Reflect.get(Object(hands.kube.object(kind, name)?.spec), top);
    try {
      await hands.kube.patch(kind, name, { spec: { [top]: replacing(current, value) } });
    } catch (error) {
      refusal = `Refused ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  const scenario: Scenario = {
    name: `leaf-${leaf.name}`,
    about: `${leaf.name} can be set, changed and taken away`,
    before: ({ aws }) => {
      for (const Name of ['mesh', 'other']) aws.call('servicediscovery', 'CreateHttpNamespace', { Name });
    },
    steps: [
      { name: 'everything is applied', act: ({ kube }) => kube.create(...applied) },
      { name: 'it is set', act: (hands) => write(hands, values[0]) },
      { name: 'it is changed', act: (hands) => write(hands, values[1]) },
      { name: 'it is taken away', act: (hands) => write(hands, around) },
    ],
    ends: (hands) => {
      look(hands);
      wrong.push(...wrongIn(leaf, endings, states));
    },
  };
  return { scenario, told: { endings, wrong } };
}

function endingOf({ kube }: Hands, kind: string, name: string): string {
  const { conditions } = kube.object(kind, name)?.status ?? {};
  const stalled = findCondition(conditions, 'Stalled');
  if (stalled?.status === 'True') return `Stalled ${stalled.reason}: ${stalled.message}`;
  const ready = findCondition(conditions, 'Ready');
  return ready?.status === 'True' ? 'Ready' : `Held ${ready?.reason}: ${ready?.message}`;
}

function wrongIn(leaf: Leaf, endings: readonly string[], states: readonly InAws[]): readonly string[] {
  const [start, set, changed, end] = states;
  const wrong: string[] = [];
  if (start === undefined) return wrong;
  const wasReady = (step: number): boolean => endings[step] === 'Ready';
  const holds = (value: Json, now: InAws | undefined): boolean => {
    if (now === undefined) return false;
    const member = leaf.name.slice(leaf.name.lastIndexOf('.') + 1);
    const hidden = scalarsOf(value).filter((scalar) => !shows(now, member, scalar));
    if (hidden.length === 0) return true;
    const since = changes(start, now);
    if (since.some((line) => IN_OTHER_WORDS[leaf.name]?.test(line))) return true;
    // AWS's own default may be left unsaid: then all is as if it was not declared.
    const other = since.find((line) => !isDefault(line));
    if (other !== undefined) wrong.push(`AWS does not hold ${hidden.join(', ')}, but ${other}`);
    return false;
  };
  const held = [wasReady(1) && holds(leaf.own[0], set), wasReady(2) && holds(leaf.own[1], changed)];
  if ((wasReady(1) || wasReady(2)) && !held.includes(true) && !ONLY_DEFAULT.has(leaf.name)) {
    wrong.push('AWS never came to hold it');
  }
  if (end === undefined || !wasReady(3)) return wrong;
  const left = changes(start, end).filter((line) => !isDefault(line) && !LEAVES_BEHIND[leaf.name]?.test(line));
  return [...wrong, ...left.map((line) => `left behind: ${line}`)];
}

function isDefault(line: string): boolean {
  return DEFAULTS_LEFT.some((pattern) => pattern.test(line));
}
