import { WIDER } from '../scenarios/index.ts';
import { exhaustive } from './exhaustive.ts';

exhaustive({ scenarios: WIDER, part: 1, of: 3 });
