import { shareInterval } from '@groundswell/evidence';
import {
  binOf,
  Calibration,
  PostCard,
  PostOutcome,
  Prediction,
  Reason,
  ScoreAt,
  type ScoreRecord,
  scoreBins,
  type TopPost,
  type TopPosts,
} from '@groundswell/wire';

/** What lies in the store of one post, as text. */
export interface StoredPost {
  readonly postId: string;
  readonly card: string | undefined;
  readonly reposts: string | undefined;
  readonly outcome: string | undefined;
  /** By variant. */
  readonly predictions: Readonly<Record<string, string>>;
  /** Newest first. */
  readonly history: readonly string[];
  readonly why: string | undefined;
}

export interface ReadPost {
  readonly card: PostCard | undefined;
  readonly reposts: number;
  readonly outcome: PostOutcome | null;
  readonly predictions: readonly Prediction[];
  /** Newest last. */
  readonly history: readonly ScoreAt[];
  readonly why: readonly Reason[];
}

const Why = Reason.array();

interface Schema<T> {
  safeParse(value: unknown): { readonly data?: T | undefined };
}

/** What does not parse counts as missing: one odd row, of an older version say, must not take the whole list away. */
const parseStored = <T>(schema: Schema<T>, text: string | undefined): T | undefined => {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const isPresent = <T>(value: T | undefined): value is T => value !== undefined;

/** Oldest first, one score for each moment: a scorer that was killed scores again what it had not saved. */
const historyOf = (newestFirst: readonly ScoreAt[]): readonly ScoreAt[] => {
  const byMoment = new Map(newestFirst.toReversed().map((score) => [score.at, score]));
  return [...byMoment.values()].sort((a, b) => a.at - b.at);
};

export const readPost = (stored: StoredPost): ReadPost => {
  const reposts = Number(stored.reposts ?? 0);
  return {
    card: parseStored(PostCard, stored.card),
    reposts: Number.isInteger(reposts) && reposts >= 0 ? reposts : 0,
    outcome: parseStored(PostOutcome, stored.outcome) ?? null,
    predictions: Object.values(stored.predictions)
      .map((text) => parseStored(Prediction, text))
      .filter(isPresent),
    history: historyOf(stored.history.map((text) => parseStored(ScoreAt, text)).filter(isPresent)),
    why: parseStored(Why, stored.why) ?? [],
  };
};

/** By sha256 of an artifact, as it lies in the store. */
export type StoredCalibrations = Readonly<Record<string, string>>;

/** What became of posts that once had a score as this prediction has, by the same artifact; null where no label has matured. */
export const scoreRecordOf = (
  { digest, score }: Pick<Prediction, 'digest' | 'score'>,
  calibrations: StoredCalibrations,
): ScoreRecord | null => {
  const found = parseStored(Calibration, calibrations[digest]);
  const bin = binOf(score ?? 0);
  const [posts = 0, positives = 0] = [found?.posts[bin], found?.positives[bin]];
  if (score === null || posts === 0) return null;
  const [from, to] = [bin / scoreBins, (bin + 1) / scoreBins];
  return { from, to, posts, positives, ...shareInterval(positives, posts) };
};

/** The newest prediction of a variant that answers; after a change of shares, older ones of other variants may still lie there. */
export const answerOf = (predictions: readonly Prediction[]): Prediction | undefined =>
  predictions
    .filter((prediction) => !prediction.shadow)
    .reduce<Prediction | undefined>((a, b) => (a === undefined || b.scored_at > a.scored_at ? b : a), undefined);

interface Listed {
  readonly score: number;
  readonly stored: StoredPost;
}

interface Paged {
  readonly calibrations: StoredCalibrations;
  /** Posts of the pages before. */
  readonly before: number;
  readonly nextCursor: string | null;
}

/** The top list as the API answers it. A post of which nothing is stored any more is left out; ranks of a page have no gaps. */
export const topPostsOf = (
  model: string,
  listed: readonly Listed[],
  { before, nextCursor, calibrations }: Paged,
): TopPosts => {
  const rows = listed.flatMap(({ score, stored }) => {
    const post = readPost(stored);
    const answer = answerOf(post.predictions);
    return answer === undefined ? [] : [{ score, post, answer }];
  });
  const at = rows.reduce((newest, { answer }) => Math.max(newest, answer.scored_at), 0);
  const posts = rows.map(({ score, post, answer }, index): TopPost => {
    const card = post.card ?? { post_id: answer.post_id, author_id: answer.author_id, posted_at: answer.posted_at };
    return {
      rank: before + index + 1,
      ...card,
      score,
      score_record: scoreRecordOf(answer, calibrations),
      outcome: post.outcome,
      history: [...post.history],
      age_ms: Math.max(0, at - card.posted_at),
      reposts: post.reposts,
      model,
      variant: answer.variant,
      why: [...post.why],
    };
  });
  return { model, at, posts, next_cursor: nextCursor };
};
