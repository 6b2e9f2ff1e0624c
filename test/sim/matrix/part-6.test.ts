import { exhaustive } from './exhaustive.ts';

exhaustive(5, 6);
