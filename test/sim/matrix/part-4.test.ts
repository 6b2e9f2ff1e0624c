import { exhaustive } from './exhaustive.ts';

exhaustive(3, 6);
