import { randomUUID } from 'node:crypto';
import { createLogCheckpoints, createLogStates } from '@groundswell/stores';
import { checkpointsContract, statesContract } from '@groundswell/stores/contract';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { expect, onTestFinished, test } from 'vitest';
import { startKafka } from '../servers/kafka.ts';
import { addressesOf, logger } from './servers.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

test('a broker that is killed and comes back loses and doubles nothing that was acknowledged', {
  timeout: 600_000,
}, async () => {
  const kafka = await startKafka();
  onTestFinished(kafka.stop);
  const log = await createKafkaLog({ brokers: kafka.brokers, clientId: 'test-failures', logger });
  onTestFinished(() => log.close());
  await log.createTopics([{ name: 't', partitions: 2 }]);
  const producer = await log.producer();
  const consumer = await log.consumer({ group: 'g', topics: ['t'], from: 'earliest' });
  const seen: string[] = [];
  const read = async (count: number): Promise<void> => {
    while (new Set(seen).size < count) {
      const batches = await consumer.poll({ maxRecords: 1000, maxWaitMs: 1000 });
      seen.push(...batches.flatMap(({ records }) => records.map(({ value }) => decoder.decode(value ?? undefined))));
      await consumer.commit(
        batches.map(({ topic, partition, records }) => ({
          topic,
          partition,
          offset: (records.at(-1)?.offset ?? 0n) + 1n,
        })),
      );
    }
  };
  const sends: Promise<void>[] = [];
  /** Sends give up after a while, and a broker may need longer than that to come back; what was sent then is not known. */
  const unknown: number[] = [];
  const sendOne = (i: number) => producer.send('t', [{ key: `k${i % 9}`, value: encoder.encode(String(i)) }]);
  const send = (from: number, to: number): void => {
    for (let i = from; i < to; i++) sends.push(sendOne(i).catch(() => void unknown.push(i)));
  };
  send(0, 500);
  await read(500);
  send(500, 1000);
  const killed = kafka.kill();
  send(1000, 1500);
  await killed;
  await kafka.restart();
  await Promise.all(sends);
  // Grows where the broker is not there yet: the limit of the test bounds it.
  for (let n = 0; n < unknown.length; n++) await sendOne(unknown[n]!).catch(() => void unknown.push(unknown[n]!));
  await read(1500);
  const sent = Array.from({ length: 1500 }, (_, i) => String(i));
  // A broker that forgot its members gives the records since the last commit again.
  expect(new Set(seen)).toEqual(new Set(sent));
  const ends = (await log.bounds('t')).map(({ end }) => Number(end));
  const written = ends.reduce((sum, end) => sum + end);
  expect(written).toBeGreaterThanOrEqual(1500);
  expect(written).toBeLessThanOrEqual(1500 + unknown.length);
  await consumer.close();
  await producer.close();
});

test('brokers that are not there are named', async () => {
  const [port] = ['127.0.0.1:1'];
  await expect(createKafkaLog({ brokers: [port], clientId: 'test-failures', logger })).rejects.toThrow(
    'Cannot reach Kafka at 127.0.0.1:1: ',
  );
});

const name = `checkpoints-${randomUUID().slice(0, 8)}`;
checkpointsContract('checkpoints on Kafka', async () => {
  const log = await createKafkaLog({ brokers: addressesOf('GROUNDSWELL_KAFKA'), clientId: 'test-checkpoints', logger });
  await log.createTopics([{ name, partitions: 1, compacted: true }]);
  const checkpoints = createLogCheckpoints(log, name);
  return {
    ...checkpoints,
    close: async () => {
      await checkpoints.close();
      await log.close();
    },
  };
});

statesContract('states on Kafka', async () => {
  const topic = `states-${randomUUID().slice(0, 8)}`;
  return {
    open: async () => {
      const brokers = addressesOf('GROUNDSWELL_KAFKA');
      const log = await createKafkaLog({ brokers, clientId: 'test-states', logger });
      await log.createTopics([{ name: topic, partitions: 3, compacted: true }]);
      const states = createLogStates(log);
      return {
        ...states,
        close: async () => {
          await states.close();
          await log.close();
        },
      };
    },
    topic: async () => topic,
  };
});
