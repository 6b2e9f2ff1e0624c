import { seededRandom } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { inMemoryTarget } from './conformance/in-memory-target.ts';
import { conformance } from './conformance/suite.ts';

const target = inMemoryTarget({ clock: new VirtualClock(), random: seededRandom(1) });
conformance(() => target);
