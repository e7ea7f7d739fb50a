import { z } from 'zod';
import { exactlyOne, withRules } from '../../rules.ts';
import { mapOf } from '../../shared/collections.ts';
import { live, recreate } from '../../shared/field.ts';
import { cel, fraction, identifier } from '../../shared/scalars.ts';

const field = () => recreate(cel(), 'CEL over `event`. An event without the value is left out.');
const ofField = () => z.strictObject({ field: field() });
const each = () =>
  recreate(cel(), 'CEL over `event`. An event without the value is left out; of a list each element counts.');
const size = () => z.int().min(1).max(10_000);

const cases = {
  count: recreate(z.strictObject({}).optional(), 'Number of events.'),
  sum: recreate(ofField().optional(), 'Sum.'),
  min: recreate(ofField().optional(), 'Smallest.'),
  max: recreate(ofField().optional(), 'Largest.'),
  avg: recreate(ofField().optional(), 'Mean.'),
  stddev: recreate(
    ofField().optional(),
    'Standard deviation of the population (STDDEV_POP): 0 for one value, absent for none.',
  ),
  distinct: recreate(
    z
      .strictObject({
        field: each(),
        exactUpTo: recreate(z.int().min(0).max(1_000_000).default(1024), 'So many values are counted exactly.'),
        error: recreate(
          z.number().min(0.001).max(0.3).default(0.01),
          'Standard error of the estimate (HyperLogLog) above that, as a share.',
        ),
      })
      .optional(),
    'Number of different values.',
  ),
  topK: recreate(
    z
      .strictObject({
        field: each(),
        size: recreate(size(), 'How many.'),
        by: recreate(
          cel().optional(),
          'CEL over `event`: what is summed, from 0 on and to a 1024th. Absent: events are counted.',
        ),
        error: recreate(fraction().min(0.0001).default(0.001), 'Largest error of a count, as a share of all.'),
      })
      .optional(),
    'The most frequent values, with their counts.',
  ),
  first: recreate(ofField().optional(), 'Value of the earliest event.'),
  last: recreate(ofField().optional(), 'Value of the latest event; of equal times, of the one that came later.'),
  lastN: recreate(
    z
      .strictObject({
        field: each(),
        size: recreate(size(), 'How many.'),
        distinct: recreate(
          z.boolean().default(false),
          'A value that comes again moves to the front instead of standing twice.',
        ),
      })
      .optional(),
    'Values of the latest events, newest first.',
  ),
  ratio: recreate(
    z
      .strictObject({
        numerator: live(identifier(), 'Aggregation of this window.'),
        denominator: live(identifier(), 'Aggregation of this window.'),
        whenZero: live(z.number().optional(), 'Value where the denominator is 0. Absent: no value.'),
      })
      .optional(),
    'One aggregation divided by another.',
  ),
  weightedSum: recreate(
    z
      .strictObject({
        by: recreate(cel(), 'CEL over `event` that gives the key of the weight, as in event.type.'),
        weights: live(
          mapOf(z.number(), 256),
          'Weight of each key; others count 0. A change applies to whole windows at once.',
        ),
      })
      .optional(),
    'Events counted by key, each count times its weight.',
  ),
  expression: live(
    cel().optional(),
    'CEL over the other aggregations by name, as in "likes + 2.0 * reposts"; of ratios and expressions, over those before it.',
  ),
};

/** What is said of the events of a window: one value (or list) with a name. */
export const Aggregation = withRules(
  z.strictObject({
    name: recreate(identifier(), 'Names the value, in sinks and features.'),
    where: recreate(cel().optional(), 'CEL over `event`: which events count. Absent: all.'),
    ...cases,
  }),
  [
    exactlyOne(Object.keys(cases)),
    {
      cel: '!has(self.where) || !(has(self.ratio) || has(self.expression))',
      message: 'where has no meaning for ratio and expression: put it on the aggregations that they use',
      holds: ({ where, ratio, expression }) => where === undefined || (ratio === undefined && expression === undefined),
    },
  ],
);
