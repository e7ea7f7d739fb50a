import { z } from 'zod';
import { exactlyOne, type Rule, withRules } from '../../rules.ts';
import { duration, positiveDuration } from '../../shared/duration.ts';
import { live, recreate } from '../../shared/field.ts';
import { reference } from '../../shared/references.ts';
import { cel, cronSchedule, fraction, percent, text } from '../../shared/scalars.ts';

/** What can be recommended. */
export const Items = z.strictObject({
  where: recreate(
    cel().default("event.type == 'post'"),
    'CEL over `event`: with which events items appear. Their post_id is the id of the item.',
  ),
  ttl: live(positiveDuration().prefault('30d'), 'An item is forgotten when nothing happened to it for so long.'),
});

const Fixed = withRules(
  z.strictObject({
    realTime: live(fraction(), 'Weight of the score by the model.'),
    offline: live(fraction(), 'Weight of the score that is computed elsewhere.'),
  }),
  [
    {
      cel: 'self.realTime + self.offline > 0.9999 && self.realTime + self.offline < 1.0001',
      message: 'realTime and offline must add up to 1, as in 0.6 and 0.4',
      holds: ({ realTime, offline }) => realTime + offline > 0.9999 && realTime + offline < 1.0001,
    },
  ],
);

const blends = {
  fixed: live(Fixed.optional(), 'Declared weights.'),
  learned: live(
    z
      .strictObject({
        schedule: live(cronSchedule().default('@hourly'), 'When the weights are learned anew.'),
        minLabels: live(
          z.int().min(10).max(100_000_000).default(1000),
          'Logged outcomes before that; until then both weigh the same.',
        ),
      })
      .optional(),
    'Weights by logistic regression from logged outcomes.',
  ),
};

const Blend = withRules(
  z.strictObject({
    ...blends,
    storeRef: live(reference(), 'Offline store with the offline score.'),
    field: live(text(256).default('score'), 'Field of it.'),
    key: live(
      cel().default("event.user_id + ':' + event.post_id"),
      'CEL over `event` (user_id and post_id) for the key of the row.',
    ),
  }),
  [exactlyOne(Object.keys(blends))],
);

/** How candidates are ordered. */
export const Rank = z.strictObject({
  modelRef: live(
    reference(),
    'ScoringModel. In the CEL of its features `event` has the user as user_id and the item as post_id. Its variants are the A/B test.',
  ),
  blend: live(
    Blend.optional(),
    'Puts a score that is computed elsewhere beside that of the model. Absent: offline values are features of the model, or not used.',
  ),
});

const Mix = withRules(
  z.strictObject({
    hot: live(percent().default(50), 'Percent of what is hot.'),
    interests: live(percent().default(30), 'Percent of what has the tags that the user named at sign-up.'),
    exploration: live(percent().default(20), 'Percent of new items.'),
  }),
  [
    {
      cel: 'self.hot + self.interests + self.exploration > 99.99 && self.hot + self.interests + self.exploration < 100.01',
      message: 'hot, interests and exploration must add up to 100',
      holds: ({ hot, interests, exploration }) => {
        const sum = hot + interests + exploration;
        return sum > 99.99 && sum < 100.01;
      },
    },
  ],
);

export const ColdStart = z.strictObject({
  minEvents: live(z.int().min(0).max(10_000).default(5), 'A user with fewer actions is new.'),
  users: live(Mix.prefault({}), 'What new users get.'),
  items: live(
    z
      .strictObject({
        share: live(fraction().default(0.05), 'Share of impressions that new items get.'),
        until: live(z.int().min(1).max(10_000_000).default(500), 'An item with so many impressions is no longer new.'),
        priorSuccesses: live(z.number().gt(0).default(1), 'Successes that an item is assumed to have had before.'),
        priorFailures: live(z.number().gt(0).default(20), 'Failures that it is assumed to have had.'),
      })
      .prefault({}),
    'What new items get (Thompson sampling with a Beta prior).',
  ),
});

/** What counts as a success of a recommendation. */
export const Feedback = z.strictObject({
  where: live(
    cel().default("event.type in ['click', 'like', 'repost']"),
    'CEL over `event`: which actions on a recommended item.',
  ),
  within: live(positiveDuration().prefault('30m'), 'So long after it was shown.'),
  logShare: live(fraction().default(1), 'Share of recommendations that are logged, chosen by a hash of the user.'),
});

export const Limits = z.strictObject({
  topN: live(z.int().min(1).max(1000).default(50), 'Items in an answer, at most.'),
  candidates: live(
    z.int().min(1).max(100_000).default(1000),
    'Items in one ranking, at most; more in a request are refused.',
  ),
  timeout: live(positiveDuration().prefault('50ms'), 'Longest time for an answer.'),
  onTimeout: live(
    z.enum(['ServeHot', 'ServeUnranked', 'Fail']).default('ServeHot'),
    'What is answered then; the answer says so.',
  ),
});

export const Cache = z.strictObject({
  ttl: live(duration().prefault('10s'), 'How long an answer is used again. 0s: never.'),
  maxUsers: live(z.int().min(0).max(10_000_000).default(100_000), 'Answers that one pod keeps.'),
});

export const withinLimits: Rule<{ candidates: readonly { limit: number }[]; limits: { candidates: number } }> = {
  cel: 'self.candidates.all(c, c.limit <= self.limits.candidates)',
  field: 'candidates',
  message: 'limit of a candidate source must not be greater than limits.candidates',
  holds: ({ candidates, limits }) => candidates.every(({ limit }) => limit <= limits.candidates),
};
