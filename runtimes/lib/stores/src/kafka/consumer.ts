import { randomUUID } from 'node:crypto';
import type { Logger } from '@groundswell/process';
import type { Admin, EachBatchPayload, Kafka, Consumer as KafkaConsumer } from 'kafkajs';
import type { Batch, Consumer, ConsumerOptions, Position, TopicPartition } from '../log.ts';
import { createBeginnings } from './beginnings.ts';
import { createCommit } from './commit.ts';
import { createInbox, idOf } from './inbox.ts';
import { createMembership } from './membership.ts';
import { toRecords } from './records.ts';
import type { Topics } from './topics.ts';
import { createWakeup } from './wakeup.ts';

/** What a consumer needs of the log that it belongs to. */
export interface ConsumerWorld {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly topics: Topics;
  readonly clientId: string;
  readonly logger: Logger;
  /** A member that is silent for so long counts as dead. */
  readonly sessionTimeoutMs: number;
}

/** How long an idle broker holds an answer back. It also holds up every pause, change of group, and end. */
const maxWaitTimeInMs = 100;
/** A change of the group is noticed with the next heartbeat. */
const heartbeatInterval = 1000;
/** Fetched ahead of the program, in records; more if it polls for more. */
const leastAhead = 1000;

const partsOf = (assignment: Readonly<Record<string, readonly number[]>>): TopicPartition[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));

const asPaused = ({ topic, partition }: TopicPartition) => [{ topic, partitions: [partition] }];

const createClient = ({ kafka, clientId, sessionTimeoutMs }: ConsumerWorld, group: string | undefined): KafkaConsumer =>
  kafka.consumer({
    // kafkajs reads in groups only. The broker forgets a group without offsets when its last member leaves.
    groupId: group ?? `${clientId}.${randomUUID()}`,
    allowAutoTopicCreation: false,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval,
    maxWaitTimeInMs,
  });

/** kafkajs pushes and rebalances when it likes; this hands on what it brought, and tells of rebalances, between polls only. */
export const createKafkaConsumer = async (options: ConsumerOptions, world: ConsumerWorld): Promise<Consumer> => {
  for (const topic of options.topics) await world.topics.partitionsOf(topic);
  const client = createClient(world, options.group);
  const inbox = createInbox();
  const membership = createMembership();
  const changed = createWakeup();
  const room = createWakeup();
  const findBeginnings = createBeginnings({ ...world, group: options.group, from: options.from });
  const wishes = new Map<string, bigint>();
  const isWanted = ({ partition }: TopicPartition): boolean => options.partitions?.includes(partition) !== false;
  let isJoined = false;
  let isClosed = false;
  let failure: Error | undefined;
  let ahead = leastAhead;

  /** Stops the partition until `settlePlaces` has decided where to read. */
  const unplace = (part: TopicPartition, wish: bigint): void => {
    wishes.set(idOf(part), wish);
    inbox.unplace(part);
    if (isJoined) client.pause(asPaused(part));
    changed.wake();
  };
  const eachBatch = async ({ batch, resolveOffset, heartbeat, isRunning }: EachBatchPayload): Promise<void> => {
    // Not in kafkajs' types: the offset that the fetch asked for.
    const from = BigInt((batch as unknown as { readonly fetchedOffset: string }).fetchedOffset);
    const { topic, partition, messages } = batch;
    const part = { topic, partition };
    const isNext = inbox.offer({
      ...part,
      from,
      next: BigInt(batch.lastOffset()) + 1n,
      records: toRecords(messages),
    });
    const expected = inbox.expected(part);
    if (!isNext && expected !== undefined) unplace(part, expected);
    if (!isNext || !membership.isAssigned(part)) return;
    resolveOffset(batch.lastOffset());
    changed.wake();
    while (inbox.size() > ahead && isRunning() && !isClosed) {
      await room.wait(heartbeatInterval / 4);
      // Throws when the group changes, which lets kafkajs join again.
      await heartbeat();
    }
  };
  client.on(client.events.GROUP_JOIN, ({ payload }) => {
    isJoined = true;
    const parts = partsOf(payload.memberAssignment);
    for (const part of parts) if (!isWanted(part)) client.pause(asPaused(part));
    const { kept, gained } = membership.joined(payload.memberId, parts.filter(isWanted));
    // kafkajs would read kept partitions on from the last commit, that is, some records again.
    for (const part of kept) {
      const expected = inbox.expected(part);
      if (expected === undefined) client.pause(asPaused(part));
      else client.seek({ ...part, offset: String(expected) });
    }
    for (const part of gained) client.pause(asPaused(part));
    changed.wake();
  });
  client.on(client.events.START_BATCH_PROCESS, ({ payload }) => {
    const { topic, partition, batchSize, firstOffset, lastOffset } = payload;
    // A fetch of nothing but what compaction left: kafkajs goes on without asking us.
    if (batchSize === 0) inbox.skip({ topic, partition }, BigInt(firstOffset ?? lastOffset), BigInt(lastOffset) + 1n);
  });
  client.on(client.events.CRASH, ({ payload }) => {
    isJoined = false;
    if (!payload.restart) failure = payload.error;
    changed.wake();
  });

  const settleAssignment = async (): Promise<void> => {
    const news = membership.settle();
    if (news === undefined) return;
    for (const part of news.revoked) {
      inbox.remove(part);
      wishes.delete(idOf(part));
    }
    if (news.revoked.length > 0) await options.onRevoked?.(news.revoked);
    for (const part of news.gained) inbox.add(part);
    if (news.gained.length > 0) await options.onAssigned?.(news.gained);
  };
  const settlePlaces = async (): Promise<void> => {
    const unplaced = inbox.partitions().filter((part) => inbox.expected(part) === undefined);
    if (unplaced.length === 0 || !isJoined) return;
    const beginnings = await findBeginnings(unplaced, wishes);
    for (const part of unplaced) {
      const offset = beginnings.get(idOf(part));
      // The group may have changed meanwhile.
      if (offset === undefined || !isJoined || !membership.isKept(part)) continue;
      wishes.delete(idOf(part));
      inbox.place(part, offset);
      client.seek({ ...part, offset: String(offset) });
      client.resume(asPaused(part));
    }
  };
  const take = async (maxRecords: number): Promise<Batch[]> => {
    if (isClosed) throw new Error('Cannot poll: the consumer is closed');
    if (failure !== undefined) throw new Error(`Cannot read from Kafka: ${failure.message}`, { cause: failure });
    ahead = Math.max(leastAhead, 2 * maxRecords);
    await settleAssignment();
    await settlePlaces();
    const batches = inbox.take(maxRecords);
    if (batches.length > 0) room.wake();
    return batches;
  };

  await client.connect();
  await client.subscribe({ topics: [...options.topics], fromBeginning: true });
  // Not waited for: brokers hold back the first member of a group for some seconds.
  const started = client.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch }).catch((error) => {
    failure = error;
    changed.wake();
  });
  const commit = createCommit({ client, membership, changed, failure: () => failure });
  return {
    poll: async ({ maxRecords, maxWaitMs }) => {
      const deadline = performance.now() + maxWaitMs;
      for (;;) {
        const batches = await take(maxRecords);
        const left = deadline - performance.now();
        if (batches.length > 0 || left <= 0) return batches;
        await changed.wait(left);
        if (isClosed) return [];
      }
    },
    commit: async (positions: readonly Position[]) => {
      if (options.group === undefined) throw new Error('Cannot commit offsets: the consumer has no group');
      await commit(positions);
    },
    seek: ({ topic, partition, offset }) => {
      if (!inbox.has({ topic, partition })) {
        throw new Error(`Cannot seek in partition ${partition} of "${topic}": it is not assigned to this consumer`);
      }
      unplace({ topic, partition }, offset);
    },
    assignment: () => inbox.partitions(),
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      changed.wake();
      room.wake();
      await started;
      await client.disconnect();
    },
  };
};
