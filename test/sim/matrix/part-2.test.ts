import { exhaustive } from './exhaustive.ts';

exhaustive(1, 6);
