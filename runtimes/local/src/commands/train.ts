import type { Program } from '@groundswell/graph';
import { trainableOf, withScorer } from '../evaluate/evaluate.ts';
import { replayToEnd } from '../evaluate/replay.ts';
import { trainOn } from '../evaluate/train.ts';
import { loadPrograms } from '../load.ts';
import { baseDirectoryOf } from '../resources.ts';
import { createProgressLine } from '../terminal/progress.ts';

export interface TrainCommandOptions {
  readonly file: readonly string[];
  readonly data: readonly string[];
  readonly out: string;
  readonly model?: string;
  readonly seed?: number;
  /** ms. */
  readonly duration?: number;
}

/** Generated posts of another seed and span than the resource says: a model should not have seen what it will score. */
const withGenerator = (program: Program, { seed, duration }: TrainCommandOptions): Program => {
  if (program.kind !== 'ingest' || program.source.reader.kind !== 'generator') return program;
  const reader = {
    ...program.source.reader,
    ...(seed !== undefined && { seed }),
    ...(duration !== undefined && { durationMs: duration }),
  };
  return { ...program, source: { ...program.source, reader } };
};

export const trainCommand = async (options: TrainCommandOptions): Promise<void> => {
  const { file, data, out, model } = options;
  const programs = (await loadPrograms(file, 'local')).programs.map((program) => withGenerator(program, options));
  const { scorer, trainer } = trainableOf(programs, model);
  const progress = createProgressLine(process.stderr, Date.now);
  const rows = await replayToEnd({
    programs: withScorer(programs, { ...scorer, variants: [] }),
    directory: await baseDirectoryOf(file),
    dataDirectories: data,
    what: 'replaying to train',
    progress,
  });
  const { champion, card } = await trainOn(trainer, rows, { out, say: progress.say });
  process.stdout.write(`Wrote ${champion.artifact.uri}, sha256 ${champion.artifact.sha256}\n`);
  if (card.result === 'Refused')
    throw new Error(`Cannot recommend this model of "${trainer.model}": ${card.message}; see training.gates`);
};
