import { seededRandom } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { definitions } from './conformance/definitions.ts';
import { inMemoryTarget } from './conformance/in-memory-target.ts';
import { conformance } from './conformance/suite.ts';
import { WIDGET_CRD_NAME, WIDGET_RULES } from './conformance/widgets.ts';
import { OPERATOR_RULES } from './installed-crds.ts';

const target = inMemoryTarget({
  clock: new VirtualClock(),
  random: seededRandom(1),
  rules: new Map([...OPERATOR_RULES, [WIDGET_CRD_NAME, WIDGET_RULES]]),
});
conformance(() => target);
definitions(() => target);
