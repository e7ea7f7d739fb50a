import { z } from 'zod';
import { exactlyOne, type Rule, withRules } from '../../rules.ts';
import { listByName } from '../../shared/collections.ts';
import { celMillis, positiveDuration } from '../../shared/duration.ts';
import { live, recreate } from '../../shared/field.ts';
import { cel, flag, identifier, name } from '../../shared/scalars.ts';

const Hop = withRules(
  z.strictObject({
    size: recreate(positiveDuration(), 'Length.'),
    every: recreate(positiveDuration(), 'Distance between the starts of windows; divides `size`.'),
  }),
  [
    {
      cel: `${celMillis('self.every')} > 0 && ${celMillis('self.size')} % ${celMillis('self.every')} == 0`,
      message: 'every must divide size: write for example size 1h with every 5m',
      holds: ({ size, every }) => every > 0 && size % every === 0,
    },
  ],
);

const Times = withRules(
  z.strictObject({
    min: recreate(z.int().min(1).max(1000).default(1), 'So often at least.'),
    max: recreate(z.int().min(1).max(1000).optional(), 'So often at most. Absent: as in `min`.'),
  }),
  [
    {
      cel: '!has(self.max) || self.min <= self.max',
      message: 'min must not be greater than max',
      holds: ({ min, max }) => max === undefined || min <= max,
    },
  ],
);

const PatternStep = z.strictObject({
  name: recreate(identifier(), 'Names the step; differs from those of the other steps.'),
  where: recreate(cel(), 'CEL over `event`: which events match.'),
  times: recreate(Times.optional(), 'How often in a row. Absent: once.'),
  contiguity: recreate(
    z.enum(['Strict', 'Relaxed']).default('Relaxed'),
    'Strict: no other event of the key in between. Relaxed: others are skipped.',
  ),
  absent: recreate(
    flag(false),
    'Such an event must not come between the step before and the step after; as the last step, not until `within` is over.',
  ),
});

const firstStepMatches: Rule<{ sequence: readonly { absent: boolean }[] }> = {
  cel: '!self.sequence[0].absent',
  message: 'the first step of a sequence must not be absent: a pattern starts with an event',
  holds: ({ sequence }) => sequence[0]?.absent !== true,
};

const Pattern = withRules(
  z.strictObject({
    sequence: recreate(listByName(PatternStep, { min: 1, max: 16 }), 'The steps, in order.'),
    within: recreate(
      positiveDuration(),
      'An event so long after the first of a match, or later, does not belong to it.',
    ),
    afterMatch: recreate(
      z.enum(['SkipPastLast', 'SkipToNext', 'NoSkip']).default('SkipPastLast'),
      'Where the next match may begin: behind the last event of the one before, or (SkipToNext, and NoSkip, which is the same here) with any event behind its first.',
    ),
    tag: recreate(
      name().optional(),
      'Tag that a match gives to the key; sinks of kind `tags`, `series` and `topic` write it.',
    ),
    keepTag: live(positiveDuration().prefault('1d'), 'How long the tag stays after the last match.'),
  }),
  [firstStepMatches],
);

const shapes = ['tumble', 'hop', 'session', 'decay', 'pattern', 'global'];

/** How events are put together in time. */
export const WindowShape = withRules(
  z.strictObject({
    tumble: recreate(
      z.strictObject({ size: recreate(positiveDuration(), 'Length.') }).optional(),
      'Windows of equal length, one after another, aligned to the epoch.',
    ),
    hop: recreate(Hop.optional(), 'Windows of equal length that overlap: an event belongs to size / every of them.'),
    session: recreate(
      z
        .strictObject({
          gap: recreate(positiveDuration(), 'Silence of a key that ends its session.'),
          maxDuration: recreate(
            positiveDuration().optional(),
            'A session that gets longer is cut: the first event so long after its start begins the next one. Absent: never.',
          ),
        })
        .optional(),
      'Windows that last while events keep coming: until `gap` after the last one. Told when they are over.',
    ),
    decay: recreate(
      z
        .strictObject({
          halfLife: recreate(positiveDuration(), 'Time after which an event counts half.'),
          every: recreate(positiveDuration().prefault('10s'), 'How often values are published while they fade.'),
          forgetBelow: live(
            z.number().min(0).default(0.001),
            'A key whose every value is smaller is dropped (of a weightedSum, its counts; of an avg, its events).',
          ),
        })
        .optional(),
      'Counters that fade: no edges, and little state. For count, sum, avg and weightedSum; told at each `every`, as all values change.',
    ),
    pattern: recreate(
      Pattern.optional(),
      'A sequence of conditions on the events of one key, in the order of event time. An event begins one match at most: it stays in its step as long as that takes events, and tries nothing else. A match is told once the watermark has reached it.',
    ),
    global: recreate(
      z
        .strictObject({
          every: recreate(positiveDuration().prefault('10s'), 'How often changed values are published.'),
          forgetAfter: recreate(
            positiveDuration().optional(),
            'A key is dropped after so long without events. Absent: never.',
          ),
        })
        .optional(),
      'One window without end: everything since the beginning. No event is late for it.',
    ),
    head: live(
      z.enum(['Closed', 'Sawtooth']).default('Closed'),
      'Sawtooth also publishes the newest window with its unfinished slice, so that long windows are fresh. For tumble and hop.',
    ),
  }),
  [
    exactlyOne(shapes),
    {
      cel: "self.head == 'Closed' || has(self.tumble) || has(self.hop)",
      message: 'head: Sawtooth needs tumble or hop: the other windows have no slices',
      holds: ({ head, tumble, hop }) => head === 'Closed' || tumble !== undefined || hop !== undefined,
    },
  ],
);
