import { groupOf, type ScorerProgram } from '@groundswell/graph';
import { createLatencies, createStages, type Report } from '@groundswell/process';
import { deadLetterOf, openConsumer, type Poison, type Ports } from '@groundswell/stores';
import { createWatermarks } from '@groundswell/windowing';
import { keysOf, type SocialEvent } from '@groundswell/wire';
import { createCalibrationBook } from './calibration.ts';
import { encodeState } from './checkpoint.ts';
import { createMeans } from './explain.ts';
import { createIntake } from './intake.ts';
import { alignTop, loadState, sameFeatures } from './restore.ts';
import { createSchedule } from './schedule.ts';
import { createScoring, type Scoring, type ScoringParts } from './score.ts';
import { createTop } from './top.ts';

/** Records of one step. */
const maxRecords = 2000;

/** What the run has done, for people. */
export interface StreamSummary {
  readonly events: number;
  readonly predictions: number;
  readonly outcomes: number;
  /** From ingest of an event to its written prediction, ms; undefined before the first. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

export interface Stream {
  step(options: { readonly maxWaitMs: number }): Promise<number>;
  save(): Promise<void>;
  stop(): Promise<void>;
  /** Takes what is live of a changed program. */
  update(program: ScorerProgram): void;
  /** Why these scored so. */
  explain: Scoring['explain'];
  /** How far rows and scores are from training. */
  drift: Scoring['drift'];
  report(): Report;
  due(): number | undefined;
  stopsAt(event: SocialEvent): boolean;
  summary(): StreamSummary;
}

/** The stream door: events in, predictions and outcomes out. Goes on from its checkpoint. */
export const startStream = async (program: ScorerProgram, ports: Ports, parts: ScoringParts): Promise<Stream> => {
  const state = await loadState(program.name, ports.checkpoints);
  const watermarks = createWatermarks(program.watermark, state.watermarks);
  const schedule = createSchedule(program, state.schedule);
  schedule.advance(watermarks.current());
  const top = createTop(program.top.size, state.top);
  await alignTop(ports.keyValue, keysOf(program.pipeline).top(program.model), top);
  const means = createMeans(parts.set.width, sameFeatures(state, parts.set) ? state.means?.of : undefined);
  const calibration = createCalibrationBook(state.calibration);
  const intake = createIntake({ schedule, watermarks, positions: state.positions });
  const producer = await ports.log.producer();
  const consumer = await openConsumer(ports.log, {
    group: groupOf(program),
    topics: [program.input.name],
    positions: intake.positions,
    onPartitions: watermarks.assign,
  });
  const latencies = createLatencies();
  const stages = createStages({ ...ports, program });
  let { ttlMs, explanations, drift } = program;
  const scoring = createScoring(program, {
    ...{ ...parts, ports, producer, schedule, top, means, calibration, latencies, stages },
    live: () => ({ explanations, drift }),
  });
  const bury = createBury(program, ports, producer.send);
  let records = 0;

  return {
    step: async ({ maxWaitMs }) => {
      // What is read and not scored yet must not wait for more to come.
      const wait = scoring.isPending() ? 0 : maxWaitMs;
      const taken = intake.take(await consumer.poll({ maxRecords, maxWaitMs: wait }));
      watermarks.elapse(ports.clock.now());
      schedule.advance(watermarks.current());
      const effects = schedule.drain();
      await scoring.take(effects, ttlMs);
      if (taken.records === 0) await scoring.flush(ttlMs);
      await scoring.show({ isIdle: taken.records === 0 && effects.length === 0 });
      if (taken.records === 0) return 0;
      if (taken.poison.length > 0) await bury(taken.poison);
      records += taken.records;
      parts.metrics.taken(taken, schedule.size, watermarks.current());
      return taken.records;
    },
    save: async () => {
      await scoring.flush(ttlMs);
      await scoring.show({ isIdle: true });
      const positions = intake.positions();
      const bytes = encodeState({
        positions,
        watermarks: watermarks.snapshot(),
        schedule: schedule.snapshot(),
        top: top.list(),
        means: { features: parts.set.names, of: means.snapshot() },
        calibration: calibration.snapshot(),
      });
      await ports.checkpoints.save(program.name, bytes);
      await consumer.commit(positions);
    },
    stop: async () => {
      await consumer.close();
      await producer.close();
    },
    update: (next) => {
      ({ ttlMs, explanations, drift } = next);
      top.resize(next.top.size);
      schedule.setThrottle(next.onChange?.throttleMs);
    },
    explain: scoring.explain,
    drift: scoring.drift,
    due: schedule.due,
    stopsAt: schedule.stopsAt,
    report: () => ({
      records,
      watermark: Number.isFinite(watermarks.current()) ? watermarks.current() : undefined,
      eventTime: intake.eventTime(),
      produced: { ...scoring.produced },
      stages: stages.report(),
    }),
    summary: () => ({
      events: records,
      ...scoring.produced,
      p50Ms: latencies.quantile(0.5),
      p99Ms: latencies.quantile(0.99),
    }),
  };
};

type Send = Awaited<ReturnType<Ports['log']['producer']>>['send'];

/** Records that are no events go where those of the sources go, and the stream goes on. */
const createBury =
  ({ name, pipeline, deadLetters }: ScorerProgram, { clock, logger }: Ports, send: Send) =>
  async (poison: readonly Poison[]): Promise<void> => {
    const now = clock.now();
    for (const { topic, partition, record, reason } of poison)
      logger.warn({ pipeline, topic, partition, offset: String(record.offset), reason }, 'took no event from a record');
    await send(
      deadLetters.name,
      poison.map((each) => deadLetterOf(name, each, now)),
    );
  };
