import { applies } from './applies.ts';
import { builtins } from './builtins.ts';
import { deletions } from './deletions.ts';
import { lists } from './lists.ts';
import { namespaces } from './namespaces.ts';
import { statuses } from './statuses.ts';
import type { ConformanceTarget } from './target.ts';
import { validations } from './validations.ts';
import { watching } from './watching.ts';
import { writes } from './writes.ts';

/** What every API server has to do; run against the one in memory and a real one. */
export function conformance(target: () => ConformanceTarget): void {
  writes(target);
  applies(target);
  statuses(target);
  validations(target);
  deletions(target);
  lists(target);
  watching(target);
  namespaces(target);
  builtins(target);
}
