import { z } from 'zod';

/** Whether a program works: `waiting` heals by itself, `stalled` needs a person. */
export const ProgramHealth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('waiting'), reason: z.string(), message: z.string() }),
  z.strictObject({ kind: z.literal('stalled'), reason: z.string(), message: z.string() }),
]);

/** What became of every event that a window's worker read. `conserved` says that the parts add up to `in`. */
export const Ledger = z.strictObject({
  in: z.number().int(),
  aggregated: z.number().int(),
  late: z.number().int(),
  filtered: z.number().int(),
  duplicate: z.number().int(),
  dead_lettered: z.number().int(),
  conserved: z.boolean(),
});

/** One running program. `null` is "not known (yet)", which is not zero. */
export const ProgramStatus = z.strictObject({
  name: z.string(),
  kind: z.string(),
  revision: z.string(),
  health: ProgramHealth,
  records: z
    .number()
    .int()
    .nullable()
    .describe('Records taken since it started, and in a second of wall time of late.'),
  records_per_second: z.number().nullable(),
  watermark: z.number().int().nullable().describe('Event time, ms.'),
  watermark_lag_ms: z
    .number()
    .nullable()
    .describe('Event time from its watermark to the newest event that came in, ms.'),
  ledger: Ledger.optional(),
  stages: z
    .array(
      z.strictObject({
        stage: z.string(),
        count: z.number().int(),
        p50_ms: z.number(),
        p99_ms: z.number(),
      }),
    )
    .optional()
    .describe('How long what it does of the way of an event took in the last minutes, wall time, ms.'),
});

/** What the pipeline is doing, over all its programs. */
export const PipelineStatus = z.strictObject({
  pipeline: z.string(),
  started_at: z.number().int().describe('Wall time, ms.'),
  at: z.number().int(),
  event_time: z.number().int().nullable().describe('Newest event time that came in, ms.'),
  events: z
    .number()
    .int()
    .nullable()
    .describe('Events that came in since the start, and in a second of wall time of late.'),
  events_per_second: z.number().nullable(),
  /** The largest of the programs'. */
  watermark_lag_ms: z.number().nullable(),
  programs: z.array(ProgramStatus),
});

export type ProgramHealth = z.output<typeof ProgramHealth>;
export type Ledger = z.output<typeof Ledger>;
export type ProgramStatus = z.output<typeof ProgramStatus>;
export type PipelineStatus = z.output<typeof PipelineStatus>;
