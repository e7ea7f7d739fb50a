import { topicConfigOf } from '@groundswell/wire';
import type { Admin, ITopicConfig } from 'kafkajs';
import type { PartitionBounds, TopicSpec } from '../log.ts';
import { persist } from './persist.ts';

/** The topics of the cluster, as far as this process has asked for them. */
export interface Topics {
  create(specs: readonly TopicSpec[]): Promise<void>;
  /** How many partitions it has. @throws Error when it does not exist */
  partitionsOf(topic: string, options?: { readonly refresh: boolean }): Promise<number>;
  bounds(topic: string): Promise<readonly PartitionBounds[]>;
}

/** Of each new topic. */
interface Copies {
  /** -1: as the brokers are set up. */
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number | undefined;
}

export const createTopicsDoor = (admin: Admin, { replicationFactor, minInSyncReplicas }: Copies): Topics => {
  const known = new Map<string, number>();

  const refresh = async (): Promise<void> => {
    known.clear();
    const { topics } = await admin.fetchTopicMetadata();
    for (const { name, partitions } of topics) known.set(name, partitions.length);
  };
  const partitionsOf = async (topic: string, options = { refresh: false }): Promise<number> => {
    if (options.refresh || !known.has(topic)) await refresh();
    const count = known.get(topic);
    if (count === undefined) throw new Error(`Cannot use topic "${topic}": it does not exist, create it first`);
    return count;
  };
  return {
    partitionsOf,
    create: async (specs) => {
      await refresh();
      const missing = specs.filter(({ name }) => !known.has(name));
      if (missing.length === 0) return;
      await admin.createTopics({
        waitForLeaders: false,
        topics: missing.map(
          (spec): ITopicConfig => ({
            topic: spec.name,
            numPartitions: spec.partitions,
            replicationFactor,
            configEntries: Object.entries(topicConfigOf(spec, minInSyncReplicas)).map(([name, value]) => ({
              name,
              value,
            })),
          }),
        ),
      });
      // kafkajs waits for leaders, but gives up where a broker has not heard of the topic yet.
      const names = missing.map(({ name }) => name);
      await persist(() => admin.fetchTopicMetadata({ topics: names }), { prepare: async () => undefined });
    },
    bounds: async (topic) => {
      await partitionsOf(topic);
      // Listing groups is the only request of kafkajs' admin that asks for leaders anew and does nothing else.
      const partitions = await persist(() => admin.fetchTopicOffsets(topic), { prepare: () => admin.listGroups() });
      return partitions
        .map(({ partition, low, high }) => ({ topic, partition, start: BigInt(low), end: BigInt(high) }))
        .sort((a, b) => a.partition - b.partition);
    },
  };
};
