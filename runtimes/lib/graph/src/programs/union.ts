import { z } from 'zod';
import { AlerterProgram } from './alerter.ts';
import { ApiProgram } from './api.ts';
import { FeedProgram } from './feed.ts';
import { IngestProgram } from './ingest.ts';
import { RecommendProgram } from './recommend.ts';
import { RolloutProgram } from './rollout.ts';
import { ScorerProgram } from './scorer.ts';
import { TrainerProgram } from './trainer.ts';
import { WindowProgram } from './window.ts';

/** What runs: the whole configuration of one program as one JSON value. The operator and the local runner differ only in what they do with it. */
export const Program = z.discriminatedUnion('kind', [
  IngestProgram,
  WindowProgram,
  ScorerProgram,
  RolloutProgram,
  AlerterProgram,
  FeedProgram,
  RecommendProgram,
  ApiProgram,
  TrainerProgram,
]);
export type Program = z.output<typeof Program>;
