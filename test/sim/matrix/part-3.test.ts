import { exhaustive } from './exhaustive.ts';

exhaustive(2, 6);
