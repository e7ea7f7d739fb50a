import type { FeatureSet } from '@groundswell/features';
import type { ScorerProgram } from '@groundswell/graph';
import type { Clock } from '@groundswell/process';
import type { KeyValue } from '@groundswell/stores';
import type { Stamps } from '@groundswell/wire';
import type { Answer, Serving } from '../models/serving.ts';
import { createVectors } from '../vectors.ts';
import type { Means } from './explain.ts';
import type { ScoreEffect } from './schedule.ts';

/** A post that was scored at a moment. */
export interface Scored {
  readonly effect: ScoreEffect;
  readonly vector: Float32Array;
  /** The answer of its variant, unless none serves. */
  readonly answer: Answer | undefined;
  readonly shadows: readonly Answer[];
  readonly stamps: Stamps;
  /** What its predictions carry, where they are traced. */
  readonly traceparent?: string | undefined;
}

export interface ScorePostsOptions {
  readonly pipeline: string;
  readonly routing: ScorerProgram['routing']['key'];
  readonly set: FeatureSet;
  readonly means: Means;
  readonly serving: Serving;
  readonly keyValue: KeyValue;
  readonly clock: Clock;
}

/** What a post was at a moment, read and put together; the models have yet to run. */
export interface Moment {
  readonly effect: ScoreEffect;
  readonly vector: Float32Array;
  /** Wall time, ms. */
  readonly readAt: number;
}

export interface ScorePosts {
  /** Reads what the posts need of the store in one go, as it stands now, and puts the vectors together. Keeps the order. */
  read(effects: readonly ScoreEffect[]): Promise<readonly Moment[]>;
  /** Runs the models, all moments in as few runs as the batch size allows. Keeps the order. */
  score(moments: readonly Moment[]): Promise<readonly Scored[]>;
}

export const createScorePosts = (options: ScorePostsOptions): ScorePosts => {
  const { routing, set, means, serving, clock } = options;
  const vectors = createVectors(options);
  return {
    read: async (effects) => {
      const rows = await vectors.read(effects.map(({ post: { event }, at }) => ({ event, at })));
      const readAt = clock.now();
      return effects.map((effect, i): Moment => {
        const vector = rows.subarray(i * set.width, (i + 1) * set.width);
        means.note(vector);
        return { effect, vector, readAt };
      });
    },
    score: async (moments) => {
      const rows = new Float32Array(moments.length * set.width);
      for (const [i, { vector }] of moments.entries()) rows.set(vector, i * set.width);
      const answers = await serving.score(
        rows,
        moments.map(({ effect }) => effect.post.event[routing]),
      );
      const score = clock.now();
      return moments.map(({ effect, vector, readAt }, i): Scored => {
        const all = answers[i] ?? [];
        return {
          effect,
          vector,
          answer: all.find(({ shadow }) => !shadow),
          shadows: all.filter(({ shadow }) => shadow),
          stamps: { ingest: effect.ingestedAt, features: readAt, score },
        };
      });
    },
  };
};
