import { z } from 'zod';
import { exactlyOne, withRules } from '../../rules.ts';
import { listByName } from '../../shared/collections.ts';
import { positiveDuration } from '../../shared/duration.ts';
import { live } from '../../shared/field.ts';
import { reference } from '../../shared/references.ts';
import { identifier, name, text } from '../../shared/scalars.ts';

const sources = {
  given: live(z.strictObject({}).optional(), 'The items that the request names.'),
  hot: live(
    z
      .strictObject({
        windowRef: live(reference(), 'FeatureWindow with post_id as its key.'),
        field: live(identifier(), 'Aggregation that ranks them.'),
      })
      .optional(),
    'What many like just now.',
  ),
  predicted: live(
    z.strictObject({ modelRef: live(reference(), 'ScoringModel whose top it is.') }).optional(),
    'What a model predicts to go viral.',
  ),
  taste: live(
    z.strictObject({ feedRef: live(reference(), 'Feed that keeps the tastes and the tags.') }).optional(),
    'What has the tags that the user likes.',
  ),
  followed: live(
    z.strictObject({ feedRef: live(reference(), 'Feed whose timeline it is.') }).optional(),
    'What followed accounts posted.',
  ),
  similar: live(
    withRules(
      z.strictObject({
        windowRef: live(
          reference().optional(),
          'FeatureWindow with user_id as its key and a lastN of items. Absent: the newest successes of feedback.',
        ),
        field: live(identifier().optional(), 'That lastN.'),
        storeRef: live(
          reference().optional(),
          'Offline store with the similar items of an item. Absent: items are similar that the same users took.',
        ),
        storeField: live(
          text(256).default('similar'),
          'Field with their ids, separated by commas, most similar first.',
        ),
      }),
      [
        {
          cel: 'has(self.windowRef) == has(self.field)',
          message: 'windowRef needs field, and field needs windowRef',
          holds: ({ windowRef, field }) => (windowRef === undefined) === (field === undefined),
        },
      ],
    ).optional(),
    'What is like the items that the user took last.',
  ),
  exploration: live(
    z.strictObject({ maxAge: live(positiveDuration().prefault('24h'), 'Items up to this age.') }).optional(),
    'New items that few have seen, by Thompson sampling.',
  ),
};

const Candidate = withRules(
  z.strictObject({
    name: live(name(), 'Names where an item came from, in answers and logs.'),
    ...sources,
    limit: live(z.int().min(1).max(10_000).default(200), 'Items from there, at most.'),
  }),
  [exactlyOne(Object.keys(sources))],
);

/** Where the items come from that are ranked. */
export const candidates = () => listByName(Candidate, { min: 1, max: 16 });
