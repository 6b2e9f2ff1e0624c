import type { EcsObject } from '../../../src/reconcile/types.ts';
import { findCondition } from '../../../src/runtime/conditions.ts';
import { OUR_RESOURCES } from '../world/person.ts';
import type { Observer, World } from '../world/world.ts';

/**
 * Counts in how many different states worlds have been: how each object stands, and what was done in AWS so far. Each
 * part has a hash, and that of a state is made of theirs by exclusive or, so that a change costs one hash and no more.
 */
export class States {
  readonly #seen = new Set<number>();

  get size(): number {
    return this.#seen.size;
  }

  /** Looks on in one world. */
  readonly observer = (_: World): Observer => {
    const parts = new Map<string, number>();
    const counts = new Map<string, number>();
    let state = 0;
    const set = (part: string, value: string): void => {
      const hash = hashOf(`${part} ${value}`);
      state ^= (parts.get(part) ?? 0) ^ hash;
      parts.set(part, hash);
      this.#seen.add(state);
    };
    return {
      changed: ({ type, resource, namespace, name, object }, cluster) => {
        if (!OUR_RESOURCES.includes(resource)) return;
        // Safe: the API server checked it by its CRD.
        const value = type === 'DELETED' ? 'gone' : standingOf(object as unknown as EcsObject);
        set(`${cluster.of(resource)} ${namespace}/${name}`, value);
      },
      ended: ({ call, code }) => {
        if (call.side !== 'aws' || call.effect !== 'write' || code !== 'OK') return;
        const times = (counts.get(call.line) ?? 0) + 1;
        counts.set(call.line, times);
        set(call.line, String(times));
      },
    };
  };
}

function standingOf({ metadata, status }: EcsObject): string {
  const conditions = ['Ready', 'Synced', 'RolledOut', 'Available', 'Stalled', 'Reconciling'].map((type) => {
    const condition = findCondition(status?.conditions, type);
    return `${condition?.status ?? '-'}${condition?.reason ?? ''}${condition?.observedGeneration ?? ''}`;
  });
  const { generation, finalizers = [], deletionTimestamp } = metadata;
  return `${generation} ${finalizers.length} ${deletionTimestamp !== undefined} ${conditions.join(' ')}`;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
