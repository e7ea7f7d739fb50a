import { randomUUID } from 'node:crypto';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { addressesOf } from './servers.ts';

const kafka = (): Kafka => {
  const brokers = [...addressesOf('GROUNDSWELL_KAFKA')];
  return new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
};

/** What the log port does not offer, to bring a topic into a state that only time or other programs bring it into. */
export const withAdmin = async <T>(use: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka().admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
};

/** Another program's transactions: one message each, committed or not. */
export const sendInTransactions = async (topic: string, areCommitted: readonly boolean[]): Promise<void> => {
  const transactionalId = `test-${randomUUID()}`;
  const producer = kafka().producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (const isCommitted of areCommitted) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ value: isCommitted ? 'committed' : 'aborted' }] });
    await (isCommitted ? transaction.commit() : transaction.abort());
  }
  await producer.disconnect();
};
