import { z } from 'zod';
import { exactlyOne, withRules } from '../../rules.ts';
import { listByName, setOf } from '../../shared/collections.ts';
import { positiveDuration } from '../../shared/duration.ts';
import { live, recreate, rolling } from '../../shared/field.ts';
import { cel, identifier, name } from '../../shared/scalars.ts';

const atLeast = () => recreate(z.number(), 'From this value on the post is positive.');

const cases = {
  count: recreate(
    z
      .strictObject({ where: recreate(cel(), 'CEL over `event`: which events of the post count.'), atLeast: atLeast() })
      .optional(),
    'Number of events of the post.',
  ),
  figure: recreate(
    z.strictObject({ field: recreate(identifier(), 'Name in `outcome` of the event.'), atLeast: atLeast() }).optional(),
    'A final figure that the source gives, known only in hindsight.',
  ),
  reported: recreate(z.strictObject({ atLeast: atLeast() }).optional(), 'A value that others post to /v1/outcomes.'),
};

/** What a model learns to predict. */
const Outcome = withRules(
  z.strictObject({
    name: recreate(name(), 'Names the outcome, for models.'),
    ...cases,
    within: recreate(positiveDuration(), 'So long after the post it is decided, and its label matures.'),
    corrections: rolling(
      z.enum(['Take', 'Ignore']).default('Take'),
      'Whether a label that changes after it matured replaces the first.',
    ),
  }),
  [exactlyOne(Object.keys(cases))],
);

export const outcomes = () => listByName(Outcome, { max: 16 });

/** What a delete of a post or an account reaches. */
export const Deletes = z.strictObject({
  within: live(positiveDuration().prefault('24h'), 'Deadline; a condition says when it is missed.'),
  reach: live(
    setOf(z.enum(['Windows', 'Predictions', 'Feeds', 'Logs', 'Training']), { max: 5 }).prefault([
      'Windows',
      'Predictions',
      'Feeds',
      'Logs',
      'Training',
    ]),
    'What forgets.',
  ),
  keepReceipts: live(positiveDuration().prefault('30d'), 'How long the API says what was deleted when.'),
});
