import { createMetrics, systemClock } from '@groundswell/process';
import { createLogCheckpoints, createLogStates, type Ports, type TopicSpec } from '@groundswell/stores';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { addressesOf, logger } from './servers.ts';

/**
 * What a pod has: connections of its own to Kafka and Redis, a session that is soon over, and these topics.
 *
 * @param id names the client and the topic of checkpoints
 */
export const openPorts = async (
  id: string,
  topics: readonly TopicSpec[],
): Promise<Ports & { close(): Promise<void> }> => {
  const log = await createKafkaLog({
    ...{ brokers: [...addressesOf('GROUNDSWELL_KAFKA')], clientId: id, logger, sessionTimeoutMs: 6_000 },
  });
  const keyValue = await createRedisKeyValue({ nodes: [...addressesOf('GROUNDSWELL_REDIS')], logger });
  await log.createTopics([...topics, { name: `checkpoints-${id}`, partitions: 1, compacted: true }]);
  const [checkpoints, states] = [createLogCheckpoints(log, `checkpoints-${id}`), createLogStates(log)];
  const close = async (): Promise<void> => {
    for (const store of [checkpoints, states, keyValue, log]) await store.close();
  };
  return { log, keyValue, checkpoints, states, logger, clock: systemClock, metrics: createMetrics(), close };
};
