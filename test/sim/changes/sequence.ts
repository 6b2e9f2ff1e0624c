import { KubeApiError } from '../../../src/kube/errors.ts';
import type { Hands, Scenario } from '../scenarios/scenario.ts';
import { everyLeaf, type Leaf } from './leaves.ts';
import { replacing } from './replacing.ts';
import { COMMON_SHOP, isTakenInShop } from './surroundings.ts';

/** What is done to a leaf: one value, the other, or taken away. */
export type Way = 'a' | 'b' | 'none';
/** One change of a spec. */
export interface Change {
  readonly leaf: Leaf;
  readonly way: Way;
}

/** Leaves by their names. */
const BY_NAME: ReadonlyMap<string, Leaf> = new Map(everyLeaf().map((leaf) => [leaf.name, leaf]));
const TAKEN = [...BY_NAME.values()].filter(isTakenInShop);
/**
 * Leaves that the shop's objects take, for sequences: those of task definitions apart, since a service that cannot
 * run a revision keeps its task definition waiting for as long.
 */
export const LEAVES_TOGETHER: readonly (readonly Leaf[])[] = [
  TAKEN.filter(({ kind }) => kind === 'EcsTaskDefinition'),
  TAKEN.filter(({ kind }) => kind !== 'EcsTaskDefinition'),
];

const PREFIX = 'changes/';

/** `changes/EcsService.desiredCount=a,EcsService.desiredCount=none`: the story by its name, as replays have it. */
export function nameOf(changes: readonly Change[]): string {
  return `${PREFIX}${changes.map(({ leaf, way }) => `${leaf.name}=${way}`).join(',')}`;
}

/** The story of that name; undefined for any other. @throws Error for a leaf that is not there. */
export function sequenceNamed(name: string): Scenario | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  const changes = name
    .slice(PREFIX.length)
    .split(',')
    .map((one): Change => {
      const [leafName = '', way] = one.split('=');
      const leaf = BY_NAME.get(leafName);
      if (leaf === undefined) throw new Error(`nothing that can be declared is called ${leafName}`);
      if (way !== 'a' && way !== 'b' && way !== 'none') throw new Error(`${one}: a leaf is set to a, b or none`);
      return { leaf, way };
    });
  return sequence(changes);
}

/** The whole shop, and then one change after the other, each when all is at rest. What is refused stays refused. */
export function sequence(changes: readonly Change[]): Scenario {
  const [first, ...others] = changes.map((change) => ({
    name: `${change.leaf.name} becomes ${change.way}`,
    act: (hands: Hands) => apply(change, hands),
  }));
  if (first === undefined) throw new Error('a sequence has at least one change');
  return {
    name: nameOf(changes),
    about: 'however specs change, all comes to rest in what they say last',
    before: ({ aws }) => {
      for (const Name of ['mesh', 'other']) aws.call('servicediscovery', 'CreateHttpNamespace', { Name });
    },
    steps: [
      { name: 'everything is applied', act: ({ kube }) => kube.create(...COMMON_SHOP) },
      first,
      ...others,
      // What AWS refused is tried again now and then: only what it takes stays at rest.
      { name: 'all is put back', act: (hands) => putBack(changes, hands) },
    ],
    struckFrom: first.name,
    ends: ({ kube }) => kube.expectAllReady(),
  };
}

async function apply({ leaf, way }: Change, { kube }: Hands): Promise<void> {
  const { kind, top, values, without } = leaf;
  const wanted = { a: values[0], b: values[1], none: without ?? atFirst(leaf) }[way];
  const { name } = manifestOf(kind).metadata;
  const current: unknown = Reflect.get(Object(kube.object(kind, name)?.spec), top);
  try {
    await kube.patch(kind, name, { spec: { [top]: replacing(current, wanted) } });
  } catch (error) {
    // Refused by a rule: as if the person had not done it.
    if (!(error instanceof KubeApiError)) throw error;
  }
}

/** Each object in one patch, as two members may have to change together. */
async function putBack(changes: readonly Change[], { kube }: Hands): Promise<void> {
  for (const kind of new Set(changes.map(({ leaf }) => leaf.kind))) {
    const { name } = manifestOf(kind).metadata;
    const leaves = changes.map(({ leaf }) => leaf).filter((leaf) => leaf.kind === kind);
    const spec = Object(kube.object(kind, name)?.spec);
    const members = leaves.map((leaf) => [leaf.top, replacing(Reflect.get(spec, leaf.top), atFirst(leaf))]);
    await kube.patch(kind, name, { spec: Object.fromEntries(members) });
  }
}

function atFirst({ kind, top }: Leaf): unknown {
  return Reflect.get(Object(manifestOf(kind).spec), top);
}

/** @throws Error for a kind of which the shop has none. */
function manifestOf(kind: string): (typeof COMMON_SHOP)[number] {
  const manifest = COMMON_SHOP.find((one) => one.kind === kind);
  if (manifest === undefined) throw new Error(`no ${kind} in the shop`);
  return manifest;
}
