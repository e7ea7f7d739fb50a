import { stabilityIndex } from '@groundswell/evidence';
import type { Program, ScorerProgram } from '@groundswell/graph';
import type { Prediction } from '@groundswell/wire';
import { type FiredByRule, replayAlerts } from './replay-alerts.ts';

/** Resources, and what a replay of the slice through them gave. */
export interface Replayed {
  readonly programs: readonly Program[];
  readonly predictions: readonly Prediction[];
}

type ProgramChange = 'added' | 'removed' | 'live' | 'restarted';

export interface ModelChange {
  readonly model: string;
  readonly predictions: { readonly old: number; readonly new: number };
  /** Ranks at the end of the slice; absent: not in the top. */
  readonly top: readonly { readonly post_id: string; readonly old?: number; readonly new?: number }[];
  /** Posts of the old top that are in the new one, of 1. */
  readonly overlap: number;
  /** Population stability index; below 0.1 nothing changed, above 0.25 much did. */
  readonly scorePsi: number | null;
  readonly features: readonly {
    readonly name: string;
    readonly psi: number | null;
    readonly change?: 'added' | 'removed';
  }[];
}

export interface PlanReport {
  readonly programs: readonly { readonly name: string; readonly change: ProgramChange }[];
  readonly models: readonly ModelChange[];
  readonly alerts: readonly { readonly rule: string; readonly old: number | null; readonly new: number | null }[];
}

const shownRanks = 10;

const changesOf = (before: readonly Program[], after: readonly Program[]): PlanReport['programs'] => {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort();
  const half = (revision: string): string => revision.split('-')[0] ?? '';
  return names.flatMap((name): PlanReport['programs'][number][] => {
    const [old, now] = [before, after].map((programs) => programs.find((program) => program.name === name));
    if (old === undefined) return [{ name, change: 'added' }];
    if (now === undefined) return [{ name, change: 'removed' }];
    if (old.revision === now.revision) return [];
    return [{ name, change: half(old.revision) === half(now.revision) ? 'live' : 'restarted' }];
  });
};

const scorersOf = (programs: readonly Program[]): readonly ScorerProgram[] =>
  programs.filter((program) => program.kind === 'scorer');

const answersOf = ({ predictions }: Replayed, model: string): readonly Prediction[] =>
  predictions.filter((prediction) => prediction.model === model && !prediction.shadow);

/** The top at the end of the slice: newest scores of posts that are young enough, best first; equal ones by their ids. */
const topOf = (answers: readonly Prediction[], maxAgeMs: number): readonly string[] => {
  const newest = new Map<string, Prediction>();
  let end = Number.NEGATIVE_INFINITY;
  for (const each of answers) {
    end = Math.max(end, each.scored_at);
    if (each.score !== null) newest.set(each.post_id, each);
  }
  return [...newest.values()]
    .filter(({ posted_at }) => end - posted_at < maxAgeMs)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || (a.post_id < b.post_id ? -1 : 1))
    .slice(0, shownRanks)
    .map(({ post_id }) => post_id);
};

const visible = (scorer: ScorerProgram | undefined): readonly string[] =>
  scorer?.features.filter(({ hidden }) => !hidden).map(({ name }) => name) ?? [];

const columnOf = (answers: readonly Prediction[], i: number): readonly number[] =>
  answers.flatMap(({ vector }) => vector[i] ?? []);

const psiOf = (old: readonly number[], now: readonly number[]): number | null => stabilityIndex(old, now) ?? null;

const compareModel = (model: string, old: Replayed, now: Replayed): ModelChange => {
  const [oldScorer, newScorer] = [old, now].map(({ programs }) =>
    scorersOf(programs).find((scorer) => scorer.model === model),
  );
  const [before, after] = [answersOf(old, model), answersOf(now, model)];
  const oldTop = topOf(before, oldScorer?.top.maxAgeMs ?? 0);
  const newTop = topOf(after, newScorer?.top.maxAgeMs ?? 0);
  const [oldNames, newNames] = [visible(oldScorer), visible(newScorer)];
  const rankIn = (top: readonly string[], id: string): number | undefined =>
    top.includes(id) ? top.indexOf(id) + 1 : undefined;
  const scores = (answers: readonly Prediction[]) => answers.flatMap(({ score }) => score ?? []);
  return {
    model,
    predictions: { old: before.length, new: after.length },
    top: [...new Set([...newTop, ...oldTop])].map((post_id) => {
      const [oldRank, newRank] = [rankIn(oldTop, post_id), rankIn(newTop, post_id)];
      return {
        post_id,
        ...(oldRank !== undefined && { old: oldRank }),
        ...(newRank !== undefined && { new: newRank }),
      };
    }),
    overlap: oldTop.length === 0 ? 1 : oldTop.filter((id) => newTop.includes(id)).length / oldTop.length,
    scorePsi: psiOf(scores(before), scores(after)),
    features: [...new Set([...newNames, ...oldNames])].map((name) => {
      const [i, j] = [oldNames.indexOf(name), newNames.indexOf(name)];
      if (i === -1) return { name, psi: null, change: 'added' as const };
      if (j === -1) return { name, psi: null, change: 'removed' as const };
      return { name, psi: psiOf(columnOf(before, i), columnOf(after, j)) };
    }),
  };
};

const compareAlerts = (old: FiredByRule, now: FiredByRule): PlanReport['alerts'] =>
  [...new Set([...Object.keys(old), ...Object.keys(now)])].map((rule) => ({
    rule,
    old: old[rule] ?? null,
    new: now[rule] ?? null,
  }));

/** What the new resources would change, by the same slice replayed through both. Equal replays give equal reports. */
export const compareReplays = (old: Replayed, now: Replayed): PlanReport => ({
  programs: changesOf(old.programs, now.programs),
  models: [...new Set([...scorersOf(old.programs), ...scorersOf(now.programs)].map(({ model }) => model))].map(
    (model) => compareModel(model, old, now),
  ),
  alerts: compareAlerts(replayAlerts(old.programs, old.predictions), replayAlerts(now.programs, now.predictions)),
});
