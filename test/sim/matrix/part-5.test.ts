import { exhaustive } from './exhaustive.ts';

exhaustive(4, 6);
