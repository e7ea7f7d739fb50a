import type { Log } from '../log.ts';
import { committedOffsets } from './beginnings.ts';
import { createKafkaClient, type KafkaOptions } from './client.ts';
import { createKafkaConsumer } from './consumer.ts';
import { createKafkaProducer } from './producer.ts';
import { createTopicsDoor } from './topics.ts';

export interface KafkaLogOptions extends KafkaOptions {
  /** Copies of each new topic; absent: as the brokers are set up. */
  readonly replicationFactor?: number;
  /** Copies that must have a record, of each new topic; absent: as the brokers are set up. */
  readonly minInSyncReplicas?: number;
  /** A consumer that is silent for so long loses its partitions; 30 s. */
  readonly sessionTimeoutMs?: number;
}

/** A log on a Kafka cluster. @throws Error when no broker answers, or the credentials are refused */
export const createKafkaLog = async (options: KafkaLogOptions): Promise<Log> => {
  const { clientId, logger, replicationFactor = -1, minInSyncReplicas, sessionTimeoutMs = 30_000 } = options;
  const kafka = createKafkaClient(options);
  const admin = kafka.admin();
  await admin.connect().catch((cause) => {
    throw new Error(`Cannot reach Kafka at ${options.brokers.join(', ')}: ${cause.message}`, { cause });
  });
  const topics = createTopicsDoor(admin, { replicationFactor, minInSyncReplicas });
  return {
    createTopics: (specs) => topics.create(specs),
    producer: () => createKafkaProducer(kafka, topics),
    consumer: (wanted) => createKafkaConsumer(wanted, { kafka, admin, topics, clientId, logger, sessionTimeoutMs }),
    lag: async (group, topic) => {
      const bounds = await topics.bounds(topic);
      const offsets = await committedOffsets(admin, group, topic);
      return bounds.map(({ partition, start, end }) => {
        const committed = offsets.get(partition);
        const from = committed === undefined || committed < start ? start : committed;
        return { topic, partition, committed, end, lag: end > from ? end - from : 0n };
      });
    },
    bounds: (topic) => topics.bounds(topic),
    close: () => admin.disconnect(),
  };
};
