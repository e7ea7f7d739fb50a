export { createDoors, type DoorName, type Doors } from './doors/doors.ts';
export { serveFile } from './doors/served-file.ts';
export type { VariantStatus } from './models/serving.ts';
export { type Rescored, rescore } from './rescore.ts';
export { type ScorerOptions, type ScorerRunning, startScorer } from './start.ts';
export type { StreamSummary } from './stream/start-stream.ts';
export { threadsOf } from './threads.ts';
