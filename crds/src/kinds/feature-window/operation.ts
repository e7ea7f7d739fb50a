import { z } from 'zod';
import { type Rule, withRules } from '../../rules.ts';
import { mapOf } from '../../shared/collections.ts';
import { duration, positiveDuration } from '../../shared/duration.ts';
import { live, recreate, rolling } from '../../shared/field.ts';
import { resources } from '../../shared/pods.ts';
import { quantity } from '../../shared/quantity.ts';
import { cel, identifier, text, topicName } from '../../shared/scalars.ts';

export const Watermark = z.strictObject({
  maxOutOfOrderness: recreate(
    duration().prefault('5s'),
    'How much earlier than the newest event of its partition an event may be without being late.',
  ),
  idleTimeout: rolling(
    positiveDuration().optional(),
    'A partition silent for so long (of real time) does not hold back the others. Absent: it does.',
  ),
  allowedLateness: recreate(
    duration().prefault('0s'),
    'Windows are kept so long after they fired; an event that comes in that time corrects them.',
  ),
  lateEvents: rolling(
    z.enum(['Count', 'Topic']).default('Count'),
    'Events that are too late are counted; Topic also writes them to ⟨pipeline⟩.late.⟨window⟩.',
  ),
});

/** A table in a compacted topic, seen from the events. */
export const Join = z.strictObject({
  name: recreate(identifier(), 'Names the row in CEL, as in item.category.'),
  table: recreate(
    z.strictObject({
      topic: recreate(topicName(), 'Compacted topic: key, and value as a JSON object.'),
      maxRows: rolling(
        z.int().min(1).default(1_000_000),
        'More rows stop the window with a message, before memory is gone.',
      ),
    }),
    'The table.',
  ),
  key: recreate(cel(), 'CEL over `event` that gives the key of the row.'),
  whenMissing: recreate(
    z.enum(['Keep', 'Drop', 'Wait']).default('Keep'),
    'An event without a row: sees null in its place, is filtered, or waits.',
  ),
  wait: recreate(
    positiveDuration().prefault('10s'),
    'Longest wait (of event time) for a row; then it is kept. For Wait.',
  ),
  version: recreate(
    z.enum(['Newest', 'AsOf']).default('Newest'),
    'Which row an event sees: the newest that was known when the worker last saved, or the newest of these that is not younger than the event.',
  ),
});

const volumeNeedsSize: Rule<{ store: string; volume?: unknown }> = {
  cel: "(self.store == 'Volume') == has(self.volume)",
  message: 'give volume when store is Volume, and only then',
  holds: ({ store, volume }) => (store === 'Volume') === (volume !== undefined),
};

/** Where the state of open windows lives. */
export const State = withRules(
  z.strictObject({
    store: recreate(
      z.enum(['Changelog', 'Volume']).default('Changelog'),
      'Changelog: a compacted topic. Volume: a volume that all workers of the window share, as shards move between them.',
    ),
    volume: recreate(
      z
        .strictObject({
          size: recreate(quantity(), 'Size of it.'),
          storageClassName: recreate(text(253).optional(), "Storage class. Absent: the cluster's default."),
          accessMode: recreate(
            z.enum(['ReadWriteMany', 'ReadWriteOnce']).default('ReadWriteMany'),
            'ReadWriteOnce: where all workers run on one node, or there is one.',
          ),
        })
        .optional(),
      'The volume.',
    ),
    saveEvery: live(positiveDuration().prefault('10s'), 'How often state and offsets are saved, together.'),
    maxKeys: live(z.int().min(1).optional(), 'Keys in memory of one worker, at most. Absent: as memory allows.'),
    maxMemory: rolling(
      quantity().optional(),
      'Memory for state in one worker, with the tables that it joins. Absent: 60 % of its limit.',
    ),
    whenFull: live(
      z.enum(['Stop', 'EvictOldest']).default('Stop'),
      'Stop says so and takes no more; EvictOldest drops the keys that have been silent for longest, and counts them.',
    ),
  }),
  [volumeNeedsSize],
);

/** The internal topic by which events reach the worker of their key, where the topic has another key. */
export const Repartition = z.strictObject({
  partitions: recreate(
    z.int().min(1).max(10_000).optional(),
    'Partitions, and so workers at most. Absent: as many as the topic that is read.',
  ),
  retention: rolling(positiveDuration().prefault('1d'), 'How long records are kept.'),
});

/** How a changed definition takes over. */
export const Update = z.strictObject({
  warmFrom: live(
    z.enum(['Changelog', 'Topic', 'Nothing']).default('Changelog'),
    'What the new revision is filled from while the old one serves: its changelog where that is enough, or the events still in the topic.',
  ),
  maxWarmUp: live(
    positiveDuration().prefault('30m'),
    'If it takes longer, the old revision stays and the reason stands in status.',
  ),
  keepOld: live(duration().prefault('1h'), 'How long the old revision is kept warm to switch back at once.'),
});

/** Settings of `engine: Flink`. */
export const Flink = z.strictObject({
  version: recreate(
    text(16).default('v2_2'),
    'Version, as the Flink Kubernetes Operator names it. Results are compared with 2.2.',
  ),
  image: rolling(text(512).optional(), "Image of Flink with the connectors. Absent: the operator's."),
  parallelism: rolling(z.int().min(1).max(1000).default(1), 'Parallel subtasks.'),
  configuration: rolling(mapOf(z.string().max(4096), 128).prefault({}), 'Entries of the Flink configuration.'),
  jobManager: rolling(resources().optional(), 'CPU and memory of the job manager.'),
  taskManager: rolling(resources().optional(), 'CPU and memory of a task manager.'),
});
