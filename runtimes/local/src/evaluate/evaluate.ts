import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Program, ScorerProgram, TrainerProgram } from '@groundswell/graph';
import type { Prediction } from '@groundswell/wire';
import type { ProgressLine } from '../terminal/progress.ts';
import { type Replayed, replayToEnd } from './replay.ts';
import { type EvaluationReport, reportOf } from './report.ts';
import { type TrainingRows, trainOn } from './train.ts';

export interface EvaluateOptions {
  readonly programs: readonly Program[];
  readonly model?: string;
  readonly directory: string;
  readonly dataDirectories: readonly string[];
  /** Scored instead of the last part of the data. */
  readonly testDirectory?: string;
  /** Of the posts, by time. */
  readonly trainShare: number;
  /** Labels of the training posts: as they finally became, or only those known when the first test post appeared. */
  readonly labels: 'final' | 'matured';
  readonly progress: ProgressLine;
}

export interface Trainable {
  readonly scorer: ScorerProgram;
  readonly trainer: TrainerProgram;
}

/** The one model that is meant. @throws Error where there is none, several, or one that says not how to train it */
export const trainableOf = (programs: readonly Program[], model: string | undefined): Trainable => {
  const scorers = programs
    .filter((program) => program.kind === 'scorer')
    .filter((scorer) => model === undefined || scorer.model === model);
  const [scorer] = scorers;
  if (scorer === undefined)
    throw new Error(
      `Cannot find ${model === undefined ? 'a ScoringModel' : `ScoringModel "${model}"`}: the resources hold none, one is needed`,
    );
  if (scorers.length > 1)
    throw new Error(
      `Cannot choose a ScoringModel: there are ${scorers.map((s) => `"${s.model}"`).join(', ')}, name one with --model`,
    );
  const trainer = programs
    .filter((program) => program.kind === 'trainer')
    .find((program) => program.model === scorer.model);
  if (trainer === undefined || scorer.outcome === undefined)
    throw new Error(
      `Cannot train ScoringModel "${scorer.model}": it has no training or no outcomeRef, both are needed`,
    );
  return { scorer, trainer };
};

export const withScorer = (programs: readonly Program[], scorer: ScorerProgram): readonly Program[] =>
  programs
    .filter((program) => program.kind !== 'scorer' || program.name === scorer.name)
    .map((program) => (program.name === scorer.name ? scorer : program));

/** Replays the files of all folders as one stream, in the order of event time. */
export const acrossFolders = (program: Program, folders: readonly string[]): Program => {
  if (program.kind !== 'ingest' || program.source.reader.kind !== 'replay' || folders.length < 2) return program;
  const { reader } = program.source;
  const files = folders.flatMap((folder) =>
    reader.files.map((file) => ({ ...file, path: resolve(folder, file.path) })),
  );
  return { ...program, source: { ...program.source, reader: { ...reader, files } } };
};

export interface Split {
  readonly training: TrainingRows;
  readonly isTest: (postId: string) => boolean;
}

/** Posts in the order in which they appeared; the first part trains, the rest is the test. */
export const splitByTime = (
  { predictions, outcomes }: Replayed,
  { trainShare, labels, testDirectory }: EvaluateOptions,
): Split => {
  const postedAt = new Map(predictions.map((p) => [p.post_id, p.posted_at]));
  const posts = [...postedAt].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  const cut = testDirectory === undefined ? Math.floor(posts.length * trainShare) : posts.length;
  const trained = new Set(posts.slice(0, cut).map(([post]) => post));
  const splitAt = posts[cut]?.[1] ?? Number.POSITIVE_INFINITY;
  const known = (maturedAt: number): boolean => labels === 'final' || maturedAt <= splitAt;
  return {
    training: {
      predictions: predictions.filter((p) => trained.has(p.post_id)),
      outcomes: outcomes.filter((o) => trained.has(o.post_id) && known(o.matured_at)),
    },
    isTest: (post) => !trained.has(post),
  };
};

const figuresOf = (scored: Replayed, isTest: (postId: string) => boolean) => ({
  predictions: scored.predictions.filter((p: Prediction) => isTest(p.post_id)),
  labels: new Map(scored.outcomes.map((o) => [o.post_id, o.positive])),
  champion: 'champion',
  baseline: 'baseline',
});

/**
 * How good a model is on data that it has not seen, by the streaming path: a first replay logs the vectors and outcomes
 * that training sees, a second one scores with what was trained. Both are the running product on the same input, so the
 * vectors are equal; features hold only what had happened by then.
 */
export const evaluate = async (options: EvaluateOptions): Promise<EvaluationReport> => {
  const { programs, model, directory, dataDirectories, testDirectory, progress } = options;
  if (testDirectory !== undefined && options.labels === 'matured')
    throw new Error('Cannot train on matured labels with --test: it is not supported yet, leave out one of the two');
  const { scorer, trainer } = trainableOf(programs, model);
  const replay = (what: string, variants: ScorerProgram['variants'], folders: readonly string[]): Promise<Replayed> =>
    replayToEnd({
      programs: withScorer(programs, { ...scorer, variants: [...variants] }).map((p) => acrossFolders(p, folders)),
      directory,
      dataDirectories: folders,
      what,
      progress,
    });

  const { training, isTest } = splitByTime(await replay('replaying to train', [], dataDirectories), options);
  const out = await mkdtemp(join(tmpdir(), 'groundswell-evaluate-'));
  try {
    const { champion, baseline } = await trainOn(trainer, training, { out, say: progress.say });
    const folders = testDirectory === undefined ? dataDirectories : [...dataDirectories, testDirectory];
    const scored = await replay(
      'replaying to score',
      baseline === undefined ? [champion] : [champion, baseline],
      folders,
    );
    progress.end();
    const data = testDirectory ?? dataDirectories.join(', ');
    return reportOf(data === '' ? trainer.model : data, figuresOf(scored, isTest), scorer.atMs);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
};
