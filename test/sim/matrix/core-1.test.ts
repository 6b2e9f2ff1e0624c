import { CORE } from '../scenarios/index.ts';
import { exhaustive } from './exhaustive.ts';

exhaustive({ scenarios: CORE, part: 1, of: 3 });
