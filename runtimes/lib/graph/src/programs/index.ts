import { z } from 'zod';
import { ApiProgram, TrainerProgram } from './api.ts';
import { IngestProgram } from './ingest.ts';
import { ScorerProgram } from './scorer.ts';
import { WindowProgram } from './window.ts';

/** What runs: the whole configuration of one program as one JSON value. The operator and the local runner differ only in what they do with it. */
export const Program = z.discriminatedUnion('kind', [
  IngestProgram,
  WindowProgram,
  ScorerProgram,
  ApiProgram,
  TrainerProgram,
]);
export type Program = z.output<typeof Program>;

export { ApiProgram, TrainerProgram } from './api.ts';
export { type BlueskyReader, type GeneratorReader, IngestProgram, type ReplayReader } from './ingest.ts';
export type { Topic, Watermark } from './program.ts';
export { type Feature, type FeatureSource, type OutcomeSpec, ScorerProgram, type Variant } from './scorer.ts';
export { topicsOfProgram } from './topics.ts';
export { type Aggregation, type Sink, WindowProgram } from './window.ts';
