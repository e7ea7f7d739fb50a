import { z } from 'zod';
import { exactlyOne, withRules } from '../../rules.ts';
import { listByName, listOf } from '../../shared/collections.ts';
import { positiveDuration } from '../../shared/duration.ts';
import { recreate } from '../../shared/field.ts';
import { reference } from '../../shared/references.ts';
import { cel, identifier, text } from '../../shared/scalars.ts';

const key = () =>
  recreate(
    listOf(cel(), { min: 1, max: 8 }).optional(),
    'CEL over `event` for each part of the key; a list gives one read for each element. Absent: the fields of the same name.',
  );

const cases = {
  event: recreate(cel().optional(), 'CEL over `event`: a value of the post itself, as in event.user.followers.'),
  window: recreate(
    z
      .strictObject({
        ref: recreate(reference(), 'The FeatureWindow.'),
        field: recreate(identifier(), 'Aggregation of it.'),
        key: key(),
        combine: recreate(
          z.enum(['Max', 'Min', 'Sum', 'Mean']).default('Max'),
          'How the values of a list of keys become one.',
        ),
      })
      .optional(),
    'A result of a window.',
  ),
  offline: recreate(
    z
      .strictObject({
        ref: recreate(reference(), 'One of the offline stores of the pipeline.'),
        field: recreate(text(256), 'Field of the row.'),
        key: key(),
      })
      .optional(),
    'A value that is computed elsewhere.',
  ),
  expression: recreate(
    cel().optional(),
    'CEL over the features before it by name, `event`, and `at` and `age` (milliseconds), as in log1p(followers).',
  ),
};

const Feature = withRules(
  z.strictObject({
    name: recreate(identifier(), 'Names the value, for later features, reasons and reports.'),
    type: recreate(z.enum(['Float', 'Int', 'Bool']).default('Float'), 'Type: Int is rounded, Bool becomes 0 or 1.'),
    ...cases,
    default: recreate(
      z.number().optional(),
      'Value for what is missing, not a number, or stale. Absent: NaN, which tree models take.',
    ),
    maxStaleness: recreate(
      positiveDuration().optional(),
      'A result of a window or store that is older counts as missing. Absent: any age will do.',
    ),
    hidden: recreate(z.boolean().default(false), 'Only there for other features: not given to the model.'),
  }),
  [
    exactlyOne(Object.keys(cases)),
    {
      cel: '!has(self.maxStaleness) || has(self.window) || has(self.offline)',
      message: 'maxStaleness has no meaning for event and expression: put it on the window or offline feature',
      holds: ({ maxStaleness, window, offline }) =>
        maxStaleness === undefined || window !== undefined || offline !== undefined,
    },
  ],
);

/** In the order of the model's input, hidden ones left out. */
export const features = () => listByName(Feature, { min: 1, max: 512 });
