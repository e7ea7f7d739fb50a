import { topicsOf } from '@groundswell/wire';
import { contentHash } from '../content-hash.ts';
import type { WindowProgram } from '../programs/index.ts';
import type { PartContext, WindowReading } from './context.ts';

type Delivery = Pick<WindowProgram, 'rekey' | 'changelog'>;

/** How events reach the shard of their key, and where the state of shards lies. */
export const compileDelivery = (
  reading: WindowReading,
  context: PartContext,
  { joins }: Pick<WindowProgram, 'joins'>,
): Delivery => {
  const { rekeyed, changelog } = topicsOf(context.name);
  const rekey = needsRekeying(reading, context)
    ? rekeyOf(reading, context, (sent) =>
        rekeyed(reading.name, contentHash(joins === undefined ? sent : [...sent, joins])),
      )
    : undefined;
  const { partitions } = rekey?.topic ?? context.topics.events;
  const shards = partitions === undefined ? {} : { partitions };
  return {
    ...(rekey === undefined ? {} : { rekey }),
    changelog: { name: changelog(reading.name), ...shards, compacted: true },
  };
};

/** Where one partition has everything, or all events of a key lie in one anyway, the way through a topic is saved. */
const needsRekeying = ({ spec, target, warn }: WindowReading, { topics, reading: pipeline }: PartContext): boolean => {
  if (target === 'local' || pipeline === undefined) return false;
  const { key } = pipeline.spec.topics.events;
  const why = spec.key.includes(key) ? `events of one key are together, by ${key}` : 'the topic has one partition';
  if (!spec.key.includes(key) && topics.events.partitions !== 1) return true;
  if (spec.repartition.partitions !== undefined)
    warn(['repartition'], `Cannot use "repartition" here: ${why}, it has no effect`);
  return false;
};

const rekeyOf = (
  { spec }: WindowReading,
  { topics }: PartContext,
  nameOf: (definition: readonly unknown[]) => string,
): NonNullable<Delivery['rekey']> => {
  const { partitions = topics.events.partitions, retention } = spec.repartition;
  // What was sent by another key, or for another condition, is not for this one.
  const name = nameOf([topics.events.name, spec.input.where ?? null, [...spec.key], partitions ?? null]);
  return { topic: { name, ...(partitions === undefined ? {} : { partitions }), retentionMs: retention } };
};
