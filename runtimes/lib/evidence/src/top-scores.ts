import type { LabelledPost } from './labelled-post.ts';
import type { Side } from './metric.ts';

/** Scores of a variant at an age that the limit of its best tenth is taken from. */
const remembered = 1000;
const fewest = 100;

/** Where the best tenth of each variant's scores begins, at each age, by what it scored before. */
export interface TopScores {
  note(post: LabelledPost): void;
  limit(side: Side, age: number): number | undefined;
  snapshot(): TopScoresSnapshot;
}

/** The newest scores by side and age, and where the next one goes. */
export type TopScoresSnapshot = Readonly<Record<string, { readonly scores: readonly number[]; readonly next: number }>>;

interface Recent {
  readonly scores: number[];
  next: number;
  /** Absent: to be computed. */
  limit: number | undefined;
}

export const createTopScores = (from: TopScoresSnapshot = {}): TopScores => {
  const recent = new Map<string, Recent>();
  for (const [name, { scores, next }] of Object.entries(from))
    recent.set(name, { scores: [...scores], next, limit: undefined });
  const recentOf = (side: Side, age: number): Recent => {
    const name = `${side} ${age}`;
    const known = recent.get(name) ?? { scores: [], next: 0, limit: undefined };
    recent.set(name, known);
    return known;
  };
  const remember = (side: Side, age: number, score: number | undefined): void => {
    if (score === undefined) return;
    const of = recentOf(side, age);
    of.scores[of.next] = score;
    of.next = (of.next + 1) % remembered;
    of.limit = undefined;
  };
  return {
    note: ({ ages }) => {
      for (const [age, scores] of ages.entries()) {
        remember('champion', age, scores?.champion);
        remember('challenger', age, scores?.challenger);
      }
    },
    limit: (side, age) => {
      const of = recentOf(side, age);
      if (of.scores.length < fewest) return undefined;
      of.limit ??= [...of.scores].sort((a, b) => b - a)[Math.floor(of.scores.length / 10)];
      return of.limit;
    },
    snapshot: () =>
      Object.fromEntries([...recent].map(([name, { scores, next }]) => [name, { scores: [...scores], next }])),
  };
};
