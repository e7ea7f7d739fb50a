import { z } from 'zod';
import { exactlyOne, withRules } from '../../rules.ts';
import { positiveDuration } from '../../shared/duration.ts';
import { live, recreate } from '../../shared/field.ts';
import { identifier, keyTemplate, topicName } from '../../shared/scalars.ts';

const key = (example: string) =>
  recreate(
    keyTemplate(),
    `Key, with {field} for fields of the window's key, {window_start} and {window_end}, as in ${example}.`,
  );
const goesAfter = 'The key goes so long after its last change. Absent: when the window says it is empty.';
const ttl = () => live(positiveDuration().optional(), goesAfter);
/** Setting it with each write would cost as much as the write. */
const slackTtl = () =>
  live(
    positiveDuration().optional(),
    `${goesAfter} It may stay up to a sixteenth longer, for the time is not set anew with each write.`,
  );
const value = (which: string) => recreate(identifier(), `Aggregation that is written: ${which}.`);
const number = () => value('one that gives a number');
const member = () => recreate(keyTemplate(), 'Member, with {field} as in the key.');

const Redis = withRules(
  z.strictObject({
    hash: recreate(
      z.strictObject({ key: key('user:{user_id}:realtime'), ttl: slackTtl() }).optional(),
      'A hash with a field for each aggregation. Several windows may share a key when the names differ.',
    ),
    series: recreate(
      z
        .strictObject({
          key: key('engagement'),
          keep: live(z.int().min(1).max(100_000), 'So many windows are kept, the newest.'),
          ttl: ttl(),
        })
        .optional(),
      'A sorted set of whole results by the end of the window: a history.',
    ),
    sortedSet: recreate(
      z
        .strictObject({
          key: key('hot:{lang}'),
          member: member(),
          score: number(),
          keep: live(z.int().min(1).max(1_000_000).optional(), 'So many members are kept, the highest. Absent: all.'),
          ttl: ttl(),
        })
        .optional(),
      'A sorted set with one member for each key of the window: a ranking.',
    ),
    list: recreate(
      z
        .strictObject({
          key: key('user:{user_id}:videos'),
          value: value('a lastN or topK'),
          keep: live(z.int().min(1).max(10_000), 'So many values are kept, the first.'),
          ttl: ttl(),
        })
        .optional(),
      'A list: the values of a lastN, newest first, or of a topK.',
    ),
    counter: recreate(
      z.strictObject({ key: key('clicks:{user_id}'), value: number(), ttl: ttl() }).optional(),
      'One number.',
    ),
    tags: recreate(
      z.strictObject({ key: key('user:{user_id}:tags') }).optional(),
      'A sorted set of tags by the time when they go. For patterns with a tag.',
    ),
  }),
  [exactlyOne(['hash', 'series', 'sortedSet', 'list', 'counter', 'tags'])],
);

const Topic = z.strictObject({
  name: recreate(topicName().optional(), 'Topic. Absent: ⟨pipeline⟩.results.⟨window⟩.'),
  compacted: recreate(
    z.boolean().default(false),
    'Keeps only the newest result of each key, and none of a key whose window is empty: a table.',
  ),
  transactional: recreate(z.boolean().default(false), 'Readers see all results of a firing or none.'),
});

/** Where results go. Each write is an upsert of whole values, so writing twice is writing once. */
export const Sink = withRules(
  z.strictObject({
    redis: recreate(Redis.optional(), 'The key-value store.'),
    topic: recreate(Topic.optional(), 'A topic, with every result as an upsert.'),
  }),
  [exactlyOne(['redis', 'topic'])],
);
