import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { referencesOf } from '@groundswell/cel';
import type { Feature } from '@groundswell/graph';
import { type Ablation, ablate } from '@groundswell/trainer';
import { acrossFolders, type EvaluateOptions, splitByTime, trainableOf, withScorer } from './evaluate.ts';
import { replayToEnd } from './replay.ts';
import { linesOf } from './train.ts';

export type Groups = Readonly<Record<string, readonly string[]>>;

const plain: readonly string[] = ['time', 'post', 'profile'];

/** An expression belongs to a window that it reads, else to the first thing that it reads. */
const originOf = ({ source }: Feature, known: ReadonlyMap<string, string>): string => {
  if (source.kind === 'window') return source.window;
  const origins = referencesOf(source.expression).paths.map(({ path: [variable, member] }) => {
    if (variable === 'event') return member === 'user' ? 'profile' : 'post';
    return known.get(variable) ?? 'time';
  });
  return origins.find((origin) => !plain.includes(origin)) ?? origins[0] ?? 'time';
};

/** Features by where they come from: a window, the author's profile, the post itself, or the time. */
export const groupsOf = (features: readonly Feature[]): Groups => {
  const origins = new Map<string, string>();
  for (const feature of features) origins.set(feature.name, originOf(feature, origins));
  const visible = features.filter(({ hidden }) => !hidden);
  return Object.fromEntries(
    [...new Set(visible.map(({ name }) => origins.get(name) ?? name))].map((origin) => [
      origin,
      visible.filter(({ name }) => origins.get(name) === origin).map(({ name }) => name),
    ]),
  );
};

/** What each group of features, or each feature, brings: the model is trained again without it, on the same rows. */
export const ablation = async (options: EvaluateOptions, by: 'groups' | 'features'): Promise<Ablation> => {
  const { programs, model, directory, dataDirectories, testDirectory, progress } = options;
  const { scorer, trainer } = trainableOf(programs, model);
  if (testDirectory !== undefined)
    throw new Error('Cannot ablate with --test: it is not supported yet, leave out one of the two');
  const replayed = await replayToEnd({
    programs: withScorer(programs, { ...scorer, variants: [] }).map((p) => acrossFolders(p, dataDirectories)),
    ...{ directory, dataDirectories, what: 'replaying', progress },
  });
  const { training, isTest } = splitByTime(replayed, options);
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-ablate-'));
  try {
    const file = (name: string) => join(folder, `${name}.jsonl`);
    await writeFile(file('vectors'), linesOf(training.predictions));
    await writeFile(file('test'), linesOf(replayed.predictions.filter(({ post_id }) => isTest(post_id))));
    await writeFile(
      file('outcomes'),
      linesOf(replayed.outcomes.filter((o) => isTest(o.post_id)).concat(training.outcomes)),
    );
    const groups = by === 'groups' ? groupsOf(scorer.features) : eachOf(trainer.features);
    const files = { vectors: file('vectors'), outcomes: file('outcomes'), test: file('test') };
    return await ablate(trainer, files, { folder, groups, say: progress.say });
  } finally {
    progress.end();
    await rm(folder, { recursive: true, force: true });
  }
};

const eachOf = (features: readonly string[]): Groups => Object.fromEntries(features.map((name) => [name, [name]]));
