import type { Hands, Scenario } from '../scenarios/scenario.ts';
import type { Observer } from '../world/world.ts';

/** What a judge may know and say. */
export interface Court {
  readonly hands: Hands;
  readonly scenario: Scenario;
  /** Something happened that must never happen. In words, with the object's or the call's name. */
  readonly report: (violation: string) => void;
}

/** Looks on during a run, and looks once more when everything has come to rest. */
export interface Judge extends Observer {
  /** The run has come to rest. */
  rested?(): void;
}

/** A judge for one run. */
export type Appoint = (court: Court) => Judge;
