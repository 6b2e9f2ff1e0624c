import { exhaustive } from './exhaustive.ts';

exhaustive(0, 6);
