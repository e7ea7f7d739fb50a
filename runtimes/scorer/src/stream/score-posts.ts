import type { FeatureSet } from '@groundswell/features';
import type { ScorerProgram } from '@groundswell/graph';
import type { KeyValue } from '@groundswell/stores';
import { keysOf } from '@groundswell/wire';
import type { Answer, Serving } from '../models/serving.ts';
import type { Means } from './explain.ts';
import type { ScoreEffect } from './schedule.ts';

/** A post that was scored at a moment. */
export interface Scored {
  readonly effect: ScoreEffect;
  readonly vector: Float32Array;
  /** The answer of its variant, unless none serves. */
  readonly answer: Answer | undefined;
  readonly shadows: readonly Answer[];
}

export interface ScorePostsOptions {
  readonly pipeline: string;
  readonly routing: ScorerProgram['routing']['key'];
  readonly set: FeatureSet;
  readonly means: Means;
  readonly serving: Serving;
  readonly keyValue: KeyValue;
}

/** What a post was at a moment, read and put together; the models have yet to run. */
export interface Moment {
  readonly effect: ScoreEffect;
  readonly vector: Float32Array;
}

export interface ScorePosts {
  /** Reads what the posts need of the store in one go, as it stands now, and puts the vectors together. Keeps the order. */
  read(effects: readonly ScoreEffect[]): Promise<readonly Moment[]>;
  /** Runs the models, all moments in as few runs as the batch size allows. Keeps the order. */
  score(moments: readonly Moment[]): Promise<readonly Scored[]>;
}

export const createScorePosts = (options: ScorePostsOptions): ScorePosts => {
  const { routing, set, means, serving, keyValue } = options;
  const watermarksKey = keysOf(options.pipeline).watermarks;

  const readMoments = async (effects: readonly ScoreEffect[]) => {
    const batch = keyValue.batch();
    const watermarks = set.windows.length === 0 ? undefined : batch.hashGet(watermarksKey, set.windows);
    const moments = effects.map(({ post: { event } }) => {
      const reads = set.reads(event);
      return { reads, replies: reads.map(({ hash, fields }) => batch.hashGet(hash, fields)) };
    });
    await batch.run();
    return { moments, watermarks: watermarksOf(set.windows, watermarks?.value() ?? []) };
  };

  return {
    read: async (effects) => {
      const { moments, watermarks } = await readMoments(effects);
      const rows = new Float32Array(effects.length * set.width);
      return effects.map((effect, i): Moment => {
        const { reads = [], replies = [] } = moments[i] ?? {};
        const values = replies.map((reply) => reply.value());
        const { event } = effect.post;
        set.vector(rows, i * set.width, { event, at: effect.at, age: effect.at - event.at, reads, values, watermarks });
        const vector = rows.subarray(i * set.width, (i + 1) * set.width);
        means.note(vector);
        return { effect, vector };
      });
    },
    score: async (moments) => {
      const rows = new Float32Array(moments.length * set.width);
      for (const [i, { vector }] of moments.entries()) rows.set(vector, i * set.width);
      const answers = await serving.score(
        rows,
        moments.map(({ effect }) => effect.post.event[routing]),
      );
      return moments.map(({ effect, vector }, i): Scored => {
        const all = answers[i] ?? [];
        return {
          effect,
          vector,
          answer: all.find(({ shadow }) => !shadow),
          shadows: all.filter(({ shadow }) => shadow),
        };
      });
    },
  };
};

/** A window that has not said how far it is has none. */
const watermarksOf = (
  windows: readonly string[],
  texts: readonly (string | undefined)[],
): ReadonlyMap<string, number> =>
  new Map(
    windows.flatMap((window, i): [string, number][] => {
      const text = texts[i];
      return text === undefined || text === '' ? [] : [[window, Number(text)]];
    }),
  );
