import { z } from 'zod';
import { exactlyOne, type Rule, withRules } from '../../rules.ts';
import { mapOf } from '../../shared/collections.ts';
import { positiveDuration } from '../../shared/duration.ts';
import { live } from '../../shared/field.ts';
import { reference } from '../../shared/references.ts';
import { cel } from '../../shared/scalars.ts';

const score = {
  weights: live(
    mapOf(z.number(), 64).optional(),
    'Aggregation of the window to its weight: the score is the sum of the products.',
  ),
  expression: live(cel().optional(), 'CEL over the aggregations of the window, as in "likes + 2.0 * reposts".'),
};

/** Accounts by what happened to them in a window. */
export const Ranking = withRules(
  z.strictObject({
    windowRef: live(reference(), 'FeatureWindow with author_id as its key, as over 72h every 5m.'),
    ...score,
    materialize: live(
      z.enum(['OnWrite', 'OnRead']).default('OnRead'),
      'OnWrite keeps a sorted set for each follower. OnRead keeps only the scores of accounts, and ranks on request. The result is equal.',
    ),
    keep: live(z.int().min(1).max(100_000).default(500), 'Accounts in a ranking, the highest.'),
    postsPerAccount: live(z.int().min(1).max(1000).default(5), 'Posts of an account, the newest.'),
    maxPostAge: live(positiveDuration().prefault('72h'), 'Older posts are left out.'),
    cacheTtl: live(positiveDuration().prefault('10s'), 'How long an answer ranked on request is used again.'),
  }),
  [exactlyOne(Object.keys(score))],
);

/** What a personal timeline is made of. */
export const Mix = withRules(
  z.strictObject({
    followed: live(z.number().min(0).max(1).default(1), 'Share of posts of followed accounts.'),
    matching: live(z.number().min(0).max(1).default(0), 'Share of posts whose tags match the tastes of the user.'),
    trending: live(z.number().min(0).max(1).default(0), 'Share of posts that a model predicts to go viral.'),
    modelRef: live(reference().optional(), 'ScoringModel whose top is trending.'),
  }),
  [
    {
      cel: 'self.followed + self.matching + self.trending > 0.9999 && self.followed + self.matching + self.trending < 1.0001',
      message: 'followed, matching and trending must add up to 1',
      holds: ({ followed, matching, trending }) => {
        const sum = followed + matching + trending;
        return sum > 0.9999 && sum < 1.0001;
      },
    },
    {
      cel: '(self.trending > 0.0) == has(self.modelRef)',
      message: 'trending needs modelRef, and modelRef needs trending',
      holds: ({ trending, modelRef }) => trending > 0 === (modelRef !== undefined),
    },
  ],
);

export const matchingNeedsTags: Rule<{ mix: { matching: number }; tagging?: unknown }> = {
  cel: 'self.mix.matching == 0.0 || has(self.tagging)',
  field: 'mix',
  message: 'mix.matching needs tagging: posts have no tags to match without it',
  holds: ({ mix, tagging }) => mix.matching === 0 || tagging !== undefined,
};
