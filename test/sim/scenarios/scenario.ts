import type { OperatorSettings } from '../../../src/operator-options.ts';
import type { Aws } from '../world/aws-hands.ts';
import type { Person } from '../world/person.ts';
import type { World } from '../world/world.ts';

/** What a step can lay hands on. */
export interface Hands {
  /** A person with kubectl. */
  readonly kube: Person;
  /** A person with kubectl at the second cluster. @throws Error in a story without one. */
  readonly other: Person;
  /** AWS as others than the operator see and change it. */
  readonly aws: Aws;
  readonly world: World;
}

/** When a step is taken. */
export type When =
  /** All objects say that they are Ready or Stalled, and nothing was written for a while. */
  | 'settled'
  /** The same, after another resync: for what was done behind the operator's back, which it notices then. */
  | 'resynced'
  /**
   * So many virtual milliseconds after the step before, settled or not. What the operator did until then differs from
   * run to run, so the history (revision numbers, former deployments) is not compared in such a story.
   */
  | { readonly after: number };

/** Something that a person does. */
export interface Step {
  /** As it stands in the trace, e.g. `the image is changed`. */
  readonly name: string;
  /** Default: settled. The first step needs none. */
  readonly when?: When;
  readonly act: (hands: Hands) => void | Promise<void>;
}

/**
 * A story that is run without faults first, and then with each fault at each point. What it must come to is what it
 * came to without faults; `ends` says what that is, so that the story itself is checked.
 */
export interface Scenario {
  /** In kebab-case; stands in replays. Never to change. */
  readonly name: string;
  /** What a user relies on, in plain English. */
  readonly about: string;
  readonly settings?: Partial<OperatorSettings>;
  /** How many Kubernetes clusters there are over the one account, each with operators of its own. Default 1. */
  readonly clusters?: 1 | 2;
  /** How many operators run at once in a cluster; more than one elect a leader. */
  readonly operators?: number;
  /** Namespaces besides `shop`. */
  readonly namespaces?: readonly string[];
  /** Kinds whose CustomResourceDefinition is not installed when the operator starts. */
  readonly withoutCrds?: readonly string[];
  /** What is there before the operator starts. */
  readonly before?: (hands: Hands) => void | Promise<void>;
  readonly steps: readonly Step[];
  /** After which step the operator comes to rest, in the state that all runs are compared by. Default: settled. */
  readonly last?: 'settled' | 'resynced';
  /** Holds at the end of the fault-free run and of every other one. @throws Error that says what does not. */
  readonly ends: (hands: Hands) => void;
  /**
   * The step from which on faults strike, by its name; what comes before it is like in other stories. Default: the
   * start.
   */
  readonly struckFrom?: string;
  /** Why its history (revision numbers, former deployments, what was confirmed when) is not that of every run. */
  readonly ownHistory?: string;
  /** What else is left out of the comparison, and why: what it is by chance of when one looked. */
  readonly chance?: { readonly paths: RegExp; readonly why: string };
  /** The faults it is for, by their names; all when left out. For a story that costs much and is about something. */
  readonly faults?: readonly string[];
  /** Where other tags than ours, retained things and the like make a judge's rule not hold; say why. */
  readonly exempt?: Readonly<Partial<Record<'orphans' | 'finalizers', string>>>;
}
