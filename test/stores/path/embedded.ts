import type { Program } from '@groundswell/graph';
import { createCollector, run, startPipeline, throwIfStalled } from '@groundswell/local';
import { createLogger, systemClock } from '@groundswell/process';
import { type Outcome, type Prediction, topicsOf } from '@groundswell/wire';
import type { Path } from './resources.ts';
import { readWindows, type WindowResults } from './results.ts';

/** What a run leaves. */
export interface Results {
  readonly predictions: readonly Prediction[];
  readonly outcomes: readonly Outcome[];
  readonly windows: WindowResults;
}

/** The API has no part in results. */
const asFastAsPossible = (program: Program): readonly Program[] => {
  if (program.kind === 'api' || program.kind === 'trainer') return [];
  if (program.kind !== 'ingest' || program.source.reader.kind !== 'replay') return [program];
  return [{ ...program, source: { ...program.source, reader: { ...program.source.reader, speed: 'max' } } }];
};

/** Runs the same programs in this process on the embedded stores, as fast as possible. */
export const runEmbedded = async ({ pipeline: name, folder, programs, events }: Path): Promise<Results> => {
  const pipeline = await startPipeline({
    programs: programs.flatMap(asFastAsPossible),
    directory: folder,
    dataDirectories: [],
    clock: systemClock,
    logger: createLogger('embedded', 'error'),
  });
  try {
    const { log, keyValue } = pipeline.stores;
    const { predictions, outcomes } = topicsOf(name);
    const collector = await createCollector(log, { predictions, outcomes });
    await run(pipeline.runner, {
      clock: systemClock,
      signal: new AbortController().signal,
      saveEveryMs: Number.POSITIVE_INFINITY,
      observe: { everyMs: 500, call: collector.collect },
      until: pipeline.isDone,
    });
    await collector.collect();
    throwIfStalled(pipeline.runner.units());
    return { ...collector, windows: await readWindows(keyValue, name, events) };
  } finally {
    await pipeline.close();
  }
};
