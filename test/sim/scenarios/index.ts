import { accountByAnnotation } from './account-by-annotation.ts';
import { adoption } from './adoption.ts';
import { clusterLost } from './cluster-lost.ts';
import { clusterMoved } from './cluster-moved.ts';
import { crdLate } from './crd-late.ts';
import { createAll } from './create-all.ts';
import { createdAndDeleted } from './created-and-deleted.ts';
import { deleteAll } from './delete-all.ts';
import { deleteBackwards } from './delete-backwards.ts';
import { deleteNamespace } from './delete-namespace.ts';
import { deletedAtOnce } from './deleted-at-once.ts';
import { deletedWhenMade } from './deleted-when-made.ts';
import { dependencyLate } from './dependency-late.ts';
import { dependencyRecreated } from './dependency-recreated.ts';
import { driftCorrected } from './drift-corrected.ts';
import { driftReported } from './drift-reported.ts';
import { failedThenFixed } from './failed-then-fixed.ts';
import { grantTaken } from './grant-taken.ts';
import { historyLimit } from './history-limit.ts';
import { imageChange } from './image-change.ts';
import { nameTaken } from './name-taken.ts';
import { pauseResume } from './pause-resume.ts';
import { readOnly } from './read-only.ts';
import { rename } from './rename.ts';
import { replaceRetained } from './replace-retained.ts';
import { replaceService } from './replace-service.ts';
import { restart } from './restart.ts';
import { restored } from './restored.ts';
import { retain } from './retain.ts';
import { rollback } from './rollback.ts';
import { scale } from './scale.ts';
import { scaledByOthers } from './scaled-by-others.ts';
import type { Scenario } from './scenario.ts';
import { serviceLost } from './service-lost.ts';
import { somebodyElses } from './somebody-elses.ts';
import { tagsStripped } from './tags-stripped.ts';
import { templateImage } from './template-image.ts';
import { twoClusters } from './two-clusters.ts';
import { twoClustersOneId } from './two-clusters-one-id.ts';
import { twoOperators } from './two-operators.ts';
import { unsetService } from './unset-service.ts';
import { unsetTaskDefinition } from './unset-task-definition.ts';
import { updateService } from './update-service.ts';
import { updateSurroundings } from './update-surroundings.ts';
import { withoutResync } from './without-resync.ts';

/** The stories that matter most, run with every single fault in `npm test`. */
export const CORE: readonly Scenario[] = [
  createAll,
  imageChange,
  deleteAll,
  templateImage,
  unsetService,
  rollback,
  adoption,
  createdAndDeleted,
];

/** Run with every single fault for each change too, by `.ci/run` after `npm test`, which is to be done in minutes. */
export const WIDER: readonly Scenario[] = [
  twoOperators,
  updateSurroundings,
  driftCorrected,
  restart,
  replaceRetained,
  rename,
  deletedAtOnce,
  deletedWhenMade,
  serviceLost,
  restored,
  somebodyElses,
  readOnly,
];

/** All scenarios; those beyond both are run with every single fault in `npm run sim -- --matrix`. */
export const SCENARIOS: readonly Scenario[] = [
  ...CORE,
  ...WIDER,
  updateService,
  deleteNamespace,
  unsetTaskDefinition,
  scale,
  scaledByOthers,
  driftReported,
  failedThenFixed,
  replaceService,
  deleteBackwards,
  retain,
  dependencyLate,
  dependencyRecreated,
  pauseResume,
  nameTaken,
  clusterLost,
  tagsStripped,
  grantTaken,
  historyLimit,
  withoutResync,
  crdLate,
  twoClusters,
  twoClustersOneId,
  clusterMoved,
  accountByAnnotation,
];
