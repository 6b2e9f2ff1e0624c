import { unsetPaths } from '../shape/leaves.ts';
import type { Applied } from './types.ts';

type Leaves = Readonly<Record<string, string>>;

/** The value of a leaf whose call is under way, or was when the operator died. */
const PENDING = '';

/**
 * What `status.applied` has to hold before a call that declares `leaves`: what was declared before and what is
 * declared now, so that a crash on either side of the call loses no path (rule 5 of the design).
 */
export function intendedLeaves(applied: Applied | undefined, leaves: Leaves): Applied {
  const before = applied?.leaves ?? {};
  const union: Record<string, string> = { ...before };
  for (const [path, hash] of Object.entries(leaves)) {
    if (before[path] !== hash) union[path] = PENDING;
  }
  return { leaves: sorted(union) };
}

/** What `status.applied` holds once AWS holds `leaves`: just those. */
export function confirmedLeaves(leaves: Leaves): Applied {
  return { leaves: sorted(leaves) };
}

/** Declared earlier and not any more: to be cleared in AWS, once. */
export function unsetLeaves(applied: Applied | undefined, leaves: Leaves): readonly string[] {
  return unsetPaths(Object.keys(applied?.leaves ?? {}), Object.keys(leaves));
}

export function sameLeaves(a: Applied | undefined, b: Applied): boolean {
  const before = a?.leaves ?? {};
  const paths = Object.keys(before);
  return paths.length === Object.keys(b.leaves).length && paths.every((path) => before[path] === b.leaves[path]);
}

function sorted(leaves: Leaves): Leaves {
  return Object.fromEntries(Object.entries(leaves).sort(([a], [b]) => (a < b ? -1 : 1)));
}
