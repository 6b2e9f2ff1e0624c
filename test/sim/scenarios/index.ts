import { createAll } from './create-all.ts';
import { deleteAll } from './delete-all.ts';
import { imageChange } from './image-change.ts';
import type { Scenario } from './scenario.ts';
import { twoOperators } from './two-operators.ts';

/** The scenarios that are run with every single fault in `npm test`. */
export const CORE: readonly Scenario[] = [createAll, imageChange, deleteAll, twoOperators];

/** All scenarios; those beyond the core are run with every single fault in `npm run sim`. */
export const SCENARIOS: readonly Scenario[] = [...CORE];
