export type { IngestProgress, IngestRunning } from './ingest.ts';
export { type GenerateOptions, generateEvents } from './readers/generator/generate.ts';
export { type IngestOptions, startIngest } from './start.ts';
