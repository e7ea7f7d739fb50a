import { binOf, type Calibration, scoreBins } from '@groundswell/wire';

/** By artifact, the bins of all scores that it gave to a post, as bits: a post counts once in each. */
export type Bins = Record<string, number>;

/** What matured of posts, by the scores that they had: what a score came to so far. */
export interface CalibrationBook {
  /** A post was given a score. Answers the bins of all of its scores. */
  scored(bins: Bins | undefined, answer: { readonly digest: string; readonly score: number }): Bins;
  matured(bins: Bins, positive: boolean): void;
  /** Those that changed since the last call, and those that are gone. */
  drain(): { readonly changed: CalibrationSnapshot; readonly gone: readonly string[] };
  snapshot(): CalibrationSnapshot;
}

/** By sha256 of the artifact, the one that was heard of last at the end. */
export type CalibrationSnapshot = Readonly<Record<string, Calibration>>;

/** Artifacts that are remembered: those of a rollout, and some before. */
const mostArtifacts = 8;

const empty = (): Calibration => ({
  posts: new Array<number>(scoreBins).fill(0),
  positives: new Array<number>(scoreBins).fill(0),
});

export const createCalibrationBook = (from: CalibrationSnapshot = {}): CalibrationBook => {
  const books = new Map(Object.entries(structuredClone(from)));
  // What was saved may not have been written.
  const changed = new Set(books.keys());
  let gone: string[] = [];
  const bookOf = (digest: string): Calibration => {
    const book = books.get(digest) ?? empty();
    books.delete(digest);
    books.set(digest, book);
    for (const eldest of [...books.keys()].slice(0, -mostArtifacts)) {
      books.delete(eldest);
      changed.delete(eldest);
      gone.push(eldest);
    }
    return book;
  };
  return {
    scored: (bins = {}, { digest, score }) => {
      bins[digest] = (bins[digest] ?? 0) | (1 << binOf(score));
      return bins;
    },
    matured: (bins, positive) => {
      for (const [digest, mask] of Object.entries(bins)) {
        const { posts, positives } = bookOf(digest);
        for (let bin = 0; bin < scoreBins; bin++) {
          if ((mask & (1 << bin)) === 0) continue;
          posts[bin] = (posts[bin] ?? 0) + 1;
          if (positive) positives[bin] = (positives[bin] ?? 0) + 1;
        }
        changed.add(digest);
      }
    },
    drain: () => {
      const drained = { changed: Object.fromEntries([...books].filter(([digest]) => changed.has(digest))), gone };
      changed.clear();
      gone = [];
      return drained;
    },
    snapshot: () => Object.fromEntries(books),
  };
};
