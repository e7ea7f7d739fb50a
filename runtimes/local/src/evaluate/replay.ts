import type { Program } from '@groundswell/graph';
import { createLogger, systemClock } from '@groundswell/process';
import type { Log } from '@groundswell/stores';
import { eventOf, type Outcome, type Prediction, type SocialEvent, topicsOf } from '@groundswell/wire';
import { startPipeline } from '../pipeline.ts';
import { run, throwIfStalled } from '../runner.ts';
import { type ProgressLine, renderProgress } from '../terminal/progress.ts';
import { createCollector } from './collect.ts';

export interface ReplayOptions {
  readonly programs: readonly Program[];
  readonly directory: string;
  readonly dataDirectories: readonly string[];
  readonly what: string;
  readonly progress: ProgressLine;
  /** Ends the replay when event time has come so far, instead of at the end of the sources, ms. */
  readonly until?: number;
  /** Posts are scored on changes, too, as the resources say; without, at their ages alone. */
  readonly keepsRescoring?: boolean;
  /** Told of all events, in the order of the log. */
  readonly onEvent?: (topic: string, offset: bigint, event: SocialEvent) => void;
}

export interface Replayed {
  /** That came in. */
  readonly events: number;
  readonly predictions: readonly Prediction[];
  readonly outcomes: readonly Outcome[];
}

/** The programs as a replay to the end needs them: as fast as possible, without API, without rescoring on every change. */
const forReplay = (program: Program, keepsRescoring: boolean): readonly Program[] => {
  switch (program.kind) {
    case 'ingest': {
      const { reader } = program.source;
      if (!('speed' in reader) || (reader.kind === 'generator' && reader.durationMs === undefined))
        throw new Error(
          `Cannot replay source "${program.source.name}": it never ends, a replay or a generator with a duration is needed`,
        );
      return [{ ...program, source: { ...program.source, reader: { ...reader, speed: 'max' } } }];
    }
    case 'scorer': {
      if (keepsRescoring) return [program];
      const { onChange: _, ...scorer } = program;
      return [scorer];
    }
    case 'window':
      return [program];
    case 'rollout':
    case 'alerter':
    case 'feed':
    case 'recommend':
    case 'api':
    case 'trainer':
      return [];
  }
};

/** Answers what reads the events that have come since. */
const tapEvents = async (
  log: Log,
  programs: readonly Program[],
  onEvent: NonNullable<ReplayOptions['onEvent']>,
): Promise<() => Promise<void>> => {
  const topics = new Set(programs.flatMap((program) => (program.kind === 'ingest' ? [program.output.name] : [])));
  const consumer = await log.consumer({ topics: [...topics], from: 'earliest' });
  return async () => {
    for (;;) {
      const batches = await consumer.poll({ maxRecords: 10_000, maxWaitMs: 0 });
      if (batches.length === 0) return;
      for (const { topic, records } of batches)
        for (const record of records) {
          const event = eventOf(record);
          if (event !== undefined) onEvent(topic, record.offset, event);
        }
    }
  };
};

/**
 * Runs the sources to their end through windows, features and scores, and answers everything that the scorers logged.
 *
 * @throws Error where a program failed on the way: figures of half a pipeline are none
 */
export const replayToEnd = async ({
  programs,
  what,
  progress,
  until,
  keepsRescoring = false,
  onEvent,
  ...options
}: ReplayOptions): Promise<Replayed> => {
  const logger = createLogger('groundswell', 'error');
  const pipeline = await startPipeline({
    ...options,
    programs: programs.flatMap((program) => forReplay(program, keepsRescoring)),
    dropsRead: true,
    clock: systemClock,
    logger,
  });
  try {
    const startedAt = systemClock.now();
    const { predictions, outcomes } = topicsOf(programs[0]?.pipeline ?? '');
    await pipeline.stores.log.createTopics([predictions, outcomes].map((name) => ({ name, partitions: 1 })));
    const collector = await createCollector(pipeline.stores.log, { predictions, outcomes });
    const ended = new AbortController();
    const tap = onEvent && (await tapEvents(pipeline.stores.log, programs, onEvent));
    const show = async (): Promise<void> => {
      await collector.collect();
      await tap?.();
      const { events, event_time } = pipeline.status.read();
      progress.show(
        renderProgress(what, {
          events: events ?? 0,
          at: event_time ?? undefined,
          elapsedMs: systemClock.now() - startedAt,
        }),
      );
    };
    await run(pipeline.runner, {
      clock: systemClock,
      signal: ended.signal,
      saveEveryMs: Number.POSITIVE_INFINITY,
      observe: {
        everyMs: 500,
        call: async () => {
          await show();
          if (until !== undefined && (pipeline.status.read().event_time ?? 0) >= until) ended.abort();
        },
      },
      until: () => pipeline.isDone(),
    });
    await show();
    throwIfStalled(pipeline.runner.units());
    return {
      events: pipeline.status.read().events ?? 0,
      predictions: collector.predictions,
      outcomes: collector.outcomes,
    };
  } finally {
    await pipeline.close();
  }
};
