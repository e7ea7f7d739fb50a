export { decide } from './decide.ts';
export { startRollout } from './start.ts';
