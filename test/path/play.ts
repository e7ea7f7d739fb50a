import { loadPrograms, run, startPipeline, throwIfStalled } from '@groundswell/local';
import { createLogger, systemClock } from '@groundswell/process';
import { keysOf, type Prediction, RolloutStatus, ServedVariant, topicsOf } from '@groundswell/wire';

export interface Played {
  /** Predictions by variant; those of what did not answer as `NAME as shadow`. */
  readonly answers: ReadonlyMap<string, number>;
  /** Where the rollout of model `virality` ended. */
  readonly status: RolloutStatus;
  /** Each of its decisions, in order. */
  readonly decisions: readonly RolloutStatus[];
  /** What served in the end, by variant. */
  readonly served: Readonly<Record<string, ServedVariant>>;
}

export interface PlayOptions {
  readonly dataDirectories?: readonly string[];
  /** Trains by the schedule of the resources, too. */
  readonly trainingDirectory?: string;
}

const decoder = new TextDecoder();

/** Runs the pipeline of a folder to the end of its sources, as fast as possible, with the rollout of model `virality`. */
export const play = async (
  folder: string,
  { dataDirectories = [], trainingDirectory }: PlayOptions = {},
): Promise<Played> => {
  const { programs } = await loadPrograms([folder], 'local');
  const pipeline = await startPipeline({
    programs: programs
      .filter(({ kind }) => kind !== 'api' && (kind !== 'trainer' || trainingDirectory !== undefined))
      .map((program) =>
        program.kind === 'ingest' && 'speed' in program.source.reader
          ? { ...program, source: { ...program.source, reader: { ...program.source.reader, speed: 'max' as const } } }
          : program,
      ),
    directory: folder,
    dataDirectories,
    ...(trainingDirectory !== undefined && { trainingDirectory }),
    clock: systemClock,
    logger: createLogger('test', process.env['LOG_LEVEL'] ?? 'silent'),
  });
  const name = programs[0]?.pipeline ?? '';
  const { predictions, decisions: decided } = topicsOf(name);
  const consumer = await pipeline.stores.log.consumer({ topics: [predictions, decided], from: 'earliest' });
  const answers = new Map<string, number>();
  const decisions: RolloutStatus[] = [];
  const take = (topic: string, value: Uint8Array): void => {
    const record = JSON.parse(decoder.decode(value));
    if (topic === decided) {
      decisions.push(RolloutStatus.parse(record.status));
      return;
    }
    const { variant, shadow } = record as Prediction;
    const name = shadow ? `${variant} as shadow` : variant;
    answers.set(name, (answers.get(name) ?? 0) + 1);
  };
  const observe = async (): Promise<void> => {
    for (const { topic, records } of await consumer.poll({ maxRecords: 1_000_000, maxWaitMs: 0 }))
      for (const { value } of records) if (value !== null) take(topic, value);
  };
  await run(pipeline.runner, {
    clock: systemClock,
    signal: AbortSignal.timeout(1_800_000),
    saveEveryMs: 60_000,
    observe: { everyMs: 500, call: observe },
    until: () => pipeline.isDone(),
  });
  await observe();
  throwIfStalled(pipeline.runner.units());
  const batch = pipeline.stores.keyValue.batch();
  const found = batch.hashGet(keysOf(name).rollout('virality'), ['status']);
  const served = batch.hashGetAll(keysOf(name).served('virality'));
  await batch.run();
  await pipeline.close();
  const variants = Object.entries(served.value()).map(([variant, text]) => [variant, JSON.parse(text)] as const);
  return {
    ...{ answers, decisions },
    status: RolloutStatus.parse(JSON.parse(found.value()[0] ?? '')),
    served: Object.fromEntries(variants.map(([variant, value]) => [variant, ServedVariant.parse(value)])),
  };
};
