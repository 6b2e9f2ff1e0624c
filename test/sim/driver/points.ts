import { CATALOGUE } from '../faults/catalogue.ts';
import type { PlannedFault } from '../faults/fault.ts';
import { fits } from '../faults/injector.ts';
import type { Recording } from './run.ts';

/** A lease is looked at and renewed every two seconds for as long as there is one: so many times are like all. */
const LEASE_CALLS = 12;

/** Every place of a recorded run where a fault can strike. @throws Error for a fault that the catalogue does not have. */
export function pointsOf({ calls, events, before }: Recording, name: string): readonly PlannedFault[] {
  const fault = faultOf(name);
  if (fault.at === 'event') {
    return Array.from({ length: events - before.events }, (_, at) => ({ name, fault, index: before.events + at }));
  }
  let leases = 0;
  return calls.flatMap((call, index) => {
    if (index < before.calls || !fits(fault, call)) return [];
    if (call.key.includes(' leases/') && ++leases > LEASE_CALLS) return [];
    return [{ name, fault, index }];
  });
}

/** @throws Error for a fault that the catalogue does not have. */
export function faultOf(name: string): (typeof CATALOGUE)[string] {
  const fault = CATALOGUE[name];
  if (fault === undefined) throw new Error(`there is no fault ${name}; there are ${Object.keys(CATALOGUE).join(', ')}`);
  return fault;
}
