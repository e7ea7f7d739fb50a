export type { IngestProgress, IngestRunning } from './ingest.ts';
export { createPushDoors, type PushDoors } from './push-doors.ts';
export { type GenerateOptions, generateEvents } from './readers/generator/generate.ts';
export { type IngestOptions, startIngest } from './start.ts';
