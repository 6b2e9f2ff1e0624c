import type { EcsObject } from '../../../src/reconcile/types.ts';
import { contradictions } from '../../../src/runtime/conditions.ts';
import { OUR_RESOURCES } from '../world/person.ts';
import type { Appoint } from './judge.ts';

/**
 * At every write of a status: its conditions do not contradict each other, it speaks of no generation that is not there
 * yet, and it never goes back to an older one.
 */
export const honestStatus: Appoint = ({ report }) => ({
  changed: ({ type, resource, object, previous }) => {
    if (type === 'DELETED' || !OUR_RESOURCES.includes(resource)) return;
    // Safe: the API server checked them by the CRDs.
    const [now, before] = [object, previous] as unknown as [EcsObject, EcsObject | undefined];
    const { status } = now;
    if (status === undefined || status === before?.status) return;
    const { generation = 0, name } = now.metadata;
    const about = `the status of ${now.kind} ${name}`;
    if (status.conditions !== undefined) {
      for (const fault of contradictions(status.conditions, {
        generation,
        observedGeneration: status.observedGeneration,
      })) {
        report(`${about}: ${fault}`);
      }
    }
    const { observedGeneration = 0 } = status;
    const former = before?.status?.observedGeneration ?? 0;
    if (observedGeneration > generation) {
      report(`${about} claims generation ${observedGeneration}; there is only ${generation}`);
    }
    if (before?.metadata.uid === now.metadata.uid && observedGeneration < former) {
      report(`${about} goes back from generation ${former} to ${observedGeneration}`);
    }
  },
});
