import { divideReader, IngestProgram } from '@groundswell/graph';
import { createStages, type Health, type Report, type Running, traceHeader } from '@groundswell/process';
import type { OutRecord, Ports, Producer } from '@groundswell/stores';
import { type EventRecord, endOfTime, eventRecord, watermarkHeader } from '@groundswell/wire';
import { type Checkpoint, endsOf, saveCheckpoint } from './checkpoint.ts';
import { addLedgers, emptyLedger, type IntakeState, takeIn } from './intake.ts';
import { createIngestMetrics } from './metrics.ts';
import type { Fate, SourceReader } from './source-reader.ts';

/** What the terminal shows of a source. */
export interface IngestProgress {
  /** Events taken since the source was first started, whatever became of them. */
  readonly events: number;
  /** 0..1, of a source that has an end. */
  readonly share?: number;
  /** Event time that the source has come to, ms. */
  readonly at?: number;
  /** Everything is written, and so are the last watermarks. */
  readonly done: boolean;
}

export interface IngestRunning extends Running {
  progress(): IngestProgress;
}

export interface IngestParts {
  readonly program: IngestProgram;
  readonly ports: Ports;
  readonly producer: Producer;
  readonly reader: SourceReader;
  readonly state: IntakeState;
  readonly restored: Checkpoint | undefined;
}

/** Reads the source, decides about each row and writes: one tick of the source in each step. */
export const createIngest = (parts: IngestParts): IngestRunning => {
  const { ports, producer, reader, state, restored } = parts;
  const { log, clock, checkpoints, tracing } = ports;
  let { program } = parts;
  let ledger = restored?.ledger ?? emptyLedger;
  let eventTime = restored?.eventTime ?? undefined;
  let ended = restored?.ended ?? false;
  let records = 0;
  let partitions: number | undefined;
  let lastHealth: Health['kind'] = 'ready';
  const metrics = createIngestMetrics(ports.metrics, program.source.name, isLive(program));
  const stages = createStages({ ...ports, program });

  const send = async (topic: string, out: readonly OutRecord[]): Promise<void> => {
    if (out.length > 0) await producer.send(topic, out);
  };
  /** Tells every partition how far event time has come: those without rows would hold the others back. */
  const tell = async (watermark: number): Promise<void> => {
    partitions ??= (await log.bounds(program.output.name)).length;
    const headers = { [watermarkHeader]: String(watermark) };
    const timestamp = Math.min(watermark, eventTime ?? watermark);
    const all = Array.from({ length: partitions }, (_, partition) => ({ partition, value: null, headers, timestamp }));
    await send(program.output.name, all);
  };
  const end = async (): Promise<void> => {
    await tell(endOfTime);
    ended = true;
    ports.logger.info({ source: program.source.name, events: ledger.in }, 'source ended');
  };
  /** Not waited for: a log that is saved now and then is saved between steps. */
  const confirm = (fates: readonly Fate[]): void => {
    if (reader.written === undefined || fates.length === 0) return;
    void (log.settled?.() ?? Promise.resolve()).then(() => reader.written?.(fates));
  };
  /** As it is, or as the first of a trace. */
  const traced = (record: EventRecord): EventRecord => {
    const { key, content } = record;
    const { id, type, ingested_at: at } = content;
    const attributes = { source: program.source.name, id, type };
    const traceparent = tracing?.begin({ name: 'ingest', startMs: at, endMs: clock.now(), attributes });
    return traceparent === undefined ? record : eventRecord(key, content, { [traceHeader]: traceparent });
  };
  const noteHealth = (): void => {
    const health = reader.health();
    if (health.kind === lastHealth) return;
    lastHealth = health.kind;
    if (health.kind === 'ready') ports.logger.info({ source: program.source.name }, 'source works again');
    else if (health.kind === 'stalled')
      ports.logger.error({ source: program.source.name, ...health }, 'source stalled');
    else ports.logger.warn({ source: program.source.name, ...health }, 'source waits');
  };

  return {
    name: program.name,
    step: async ({ maxWaitMs, ...stops }) => {
      if (ended) return 0;
      const { rows, watermark, done } = await reader.next(maxWaitMs, stops);
      const now = clock.now();
      const intake = takeIn(program, state, { rows, now });
      await send(program.output.name, tracing === undefined ? intake.events : intake.events.map(traced));
      await send(program.deadLetters.name, intake.deadLetters);
      ledger = addLedgers(ledger, intake.ledger);
      eventTime = newest(eventTime, intake.eventTime);
      records += rows.length;
      metrics.took(intake, now);
      // The time of others says nothing of how long an event was on its way.
      if (isLive(program)) for (const { timestamp } of intake.events) stages.note('ingest', now - (timestamp ?? now));
      noteHealth();
      confirm(intake.fates);
      if (watermark !== undefined) await tell(watermark);
      if (done) await end();
      return rows.length;
    },
    save: async () => {
      metrics.observe(reader, state.seen.forgotten());
      await saveCheckpoint(checkpoints, program.name, {
        cursor: reader.cursor(),
        seen: state.seen.snapshot(),
        ledger,
        eventTime: eventTime ?? null,
        ended,
        ends: await endsOf(log, program.output.name),
        written: [...state.written],
      });
      await reader.saved?.();
    },
    stop: async () => {
      await reader.close();
      await producer.close();
    },
    update: async (changed) => {
      const wanted = IngestProgram.parse(changed);
      if (!differsOnlyLive(program, wanted)) return false;
      reader.adopt?.(wanted.source.reader);
      program = wanted;
      return true;
    },
    health: () => reader.health(),
    report: (): Report => ({
      records,
      quota: reader.quota?.(),
      watermark: ended ? endOfTime : undefined,
      eventTime,
      ledger: {
        in: ledger.in,
        aggregated: ledger.written,
        late: 0,
        filtered: 0,
        duplicate: ledger.duplicate,
        deadLettered: ledger.deadLettered,
      },
      produced: {},
      stages: stages.report(),
    }),
    progress: () => ({ events: ledger.in, ...reader.progress(), done: ended }),
  };
};

const newest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

const isLive = ({ source }: IngestProgram): boolean =>
  source.reader.kind !== 'replay' && source.reader.kind !== 'generator';

/** Whether two programs are the same but for what a source takes while it runs. */
const differsOnlyLive = (a: IngestProgram, b: IngestProgram): boolean => {
  const fixed = (program: IngestProgram) =>
    JSON.stringify({
      ...program,
      revision: '',
      maxFutureMs: 0,
      source: { ...program.source, reader: divideReader(program.source.reader).fixed },
    });
  return fixed(a) === fixed(b);
};
