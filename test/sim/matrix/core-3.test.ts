import { CORE } from '../scenarios/index.ts';
import { exhaustive } from './exhaustive.ts';

exhaustive({ scenarios: CORE, part: 3, of: 3 });
