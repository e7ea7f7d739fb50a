import type { ApiProgram } from '@groundswell/graph';
import type { Health } from '@groundswell/process';
import type { PipelineStatus } from '@groundswell/wire';

export interface OwnStatusOptions {
  readonly program: ApiProgram;
  readonly health: Health;
  /** Wall time, ms. */
  readonly startedAt: number;
  readonly now: number;
}

/** What the API knows by itself, in a pod of its own: the other programs say in their metrics how they are. */
export const ownStatusOf = ({ program, health, startedAt, now }: OwnStatusOptions): PipelineStatus => ({
  pipeline: program.pipeline,
  started_at: startedAt,
  at: now,
  event_time: null,
  events: null,
  events_per_second: null,
  watermark_lag_ms: null,
  programs: [
    {
      name: program.name,
      kind: program.kind,
      revision: program.revision,
      health,
      records: null,
      records_per_second: null,
      watermark: null,
      watermark_lag_ms: null,
    },
  ],
});
