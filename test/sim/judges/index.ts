import { budget } from './budget.ts';
import { contest } from './contest.ts';
import { finalizers } from './finalizers.ts';
import { freshLook } from './fresh-look.ts';
import { honestStatus } from './honest-status.ts';
import type { Appoint } from './judge.ts';
import { oneWorker } from './one-worker.ts';
import { owners } from './owners.ts';
import { tokens } from './tokens.ts';

/** Everyone who looks on in every run. What is compared with the fault-free run stands in `end-state.ts`. */
export const JUDGES: Readonly<Record<string, Appoint>> = {
  'honest-status': honestStatus,
  finalizers,
  'fresh-look': freshLook,
  owners,
  contest,
  tokens,
  'one-worker': oneWorker,
  budget,
};
