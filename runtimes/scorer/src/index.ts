export type { VariantStatus } from './models/serving.ts';
export { type ScorerOptions, type ScorerRunning, startScorer } from './start.ts';
export type { StreamSummary } from './stream/start-stream.ts';
