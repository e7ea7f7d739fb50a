import { z } from 'zod';
import { exactlyOne, withRules } from '../rules.ts';
import { listByName } from './collections.ts';
import { positiveDuration } from './duration.ts';
import { live } from './field.ts';
import { configMapKeyReference } from './references.ts';
import { cel, name } from './scalars.ts';

const cases = {
  diversity: live(
    z
      .strictObject({
        maxPerAuthor: live(z.int().min(1).max(1000), 'Entries of one author, at most.'),
        inFirst: live(z.int().min(1).max(1000), 'Among so many at the top.'),
      })
      .optional(),
    'Not too much of one author.',
  ),
  dropSeen: live(
    z.strictObject({ for: live(positiveDuration().prefault('24h'), 'For so long after it was shown.') }).optional(),
    'What a user has seen does not come again.',
  ),
  block: live(
    z.strictObject({ listRef: live(configMapKeyReference(), 'Ids of authors and posts, one a line.') }).optional(),
    'What nobody gets.',
  ),
  where: live(cel().optional(), 'CEL over `post` and `user`: only entries for which it holds.'),
  boost: live(
    z
      .strictObject({
        where: live(cel(), 'CEL over `post` and `user`, as in "pet-lover" in user.tags && "pets" in post.tags.'),
        factor: live(z.number().min(0).max(1000), 'The score is multiplied by it.'),
      })
      .optional(),
    'More or less of something.',
  ),
};

const RankingRule = withRules(z.strictObject({ name: live(name(), 'Names the rule.'), ...cases }), [
  exactlyOne(Object.keys(cases)),
]);

/** What is done to a ranked list before it is answered, in order. */
export const rankingRules = () => listByName(RankingRule, { max: 32 });
