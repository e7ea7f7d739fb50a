export { type Collector, createCollector } from './evaluate/collect.ts';
export type { RecommenderReport } from './evaluate/recommender/evaluate-recommender.ts';
export { type Replayed, type ReplayOptions, replayToEnd } from './evaluate/replay.ts';
export type { AgeReport, EvaluationReport } from './evaluate/report.ts';
export { type Loaded, loadPrograms, ResourceProblemsError } from './load.ts';
export { type LocalPipeline, type PipelineOptions, startPipeline } from './pipeline.ts';
export { baseDirectoryOf } from './resources.ts';
export { type Runner, run, throwIfStalled, type Unit } from './runner.ts';
export { createProgressLine, type ProgressLine } from './terminal/progress.ts';
