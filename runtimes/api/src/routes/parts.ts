import type { ApiProgram } from '@groundswell/graph';
import type { ScoreItems } from '@groundswell/pod';
import type { PipelineStatus } from '@groundswell/wire';
import type { FeedDoor } from '../feed/feed-door.ts';
import type { Reports } from '../outcomes/reports.ts';
import type { Pump } from '../pump.ts';
import type { Readings } from '../readings.ts';

/** What the routes stand on. */
export interface RouteParts {
  /** The program as it is now: its models, windows and heatmap are live. */
  readonly program: () => ApiProgram;
  readonly readings: Readings;
  readonly pump: Pump;
  /** Undefined where the pipeline has no Feed. */
  readonly feed: FeedDoor | undefined;
  /** Undefined where the pipeline has no reported outcome. */
  readonly reports: Reports | undefined;
  /** Undefined where no scorer can be asked. */
  readonly scoreItems: ScoreItems | undefined;
  readonly status: () => PipelineStatus;
  /** Answers 503 where the store or the log does not. */
  readonly guarded: <T>(work: () => Promise<T>) => Promise<T>;
}
