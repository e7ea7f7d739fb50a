import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogStates, type KeyValue, type Log, type ScoredMember } from '@groundswell/stores';
import { createFileStates } from '@groundswell/stores/files';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { decodeJson, endOfTime, keysOf, topicsOf, WindowResult, watermarkOf } from '@groundswell/wire';
import { onTestFinished } from 'vitest';
import { ledgerOfSaved } from '../../runtimes/window/src/test/saved-ledger.ts';
import { epochHeader } from '../../runtimes/window/src/writes.ts';
import { startKafka } from '../servers/kafka.ts';
import { type Link, openLink } from '../servers/link.ts';
import { startRedis } from '../servers/redis.ts';
import { logger } from '../stores/servers.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { partitions } from './input.ts';
import { idOf, type Results } from './oracle.ts';
import { createResources } from './resources.ts';
import { type LinkTo, sessionTimeoutMs } from './rounds.ts';

/** A broker, a store and the workers of two windows, all of which can be killed; they end with the test. */
export interface World {
  readonly log: Log;
  readonly events: string;
  readonly broker: { kill(): Promise<void>; restart(): Promise<void> };
  readonly store: { kill(): Promise<void>; restart(): Promise<void> };
  /** By which the first worker of each window reaches them; the others are on their side. */
  readonly links: Readonly<Record<LinkTo, Link>>;
  /** By the key of the topic, and by another one. */
  readonly posts: Fleet;
  readonly people: Fleet;
  /** Both have taken in all that will ever come. */
  isOver(): Promise<boolean>;
  ledgerOf(fleet: Fleet): ReturnType<typeof ledgerOfSaved>;
  /** What lies in the series of these keys. */
  seriesOf(keys: readonly string[]): Promise<Results>;
  hashesOf(keys: readonly string[]): Promise<readonly Readonly<Record<string, string>>[]>;
  /** What the results topic says to those who keep the newest of the newest writer. */
  told(topic: string): Promise<Results>;
}

const openLinks = async (): Promise<World['links']> => {
  const links = { broker: await openLink(), store: await openLink() };
  onTestFinished(async () => void (await Promise.all([links.broker.close(), links.store.close()])));
  return links;
};

const startServers = async () => {
  const links = await openLinks();
  const settings = {
    'group.min.session.timeout.ms': '1000',
    // A broker that was killed may come back after this.
    'broker.session.timeout.ms': '4000',
    'broker.heartbeat.interval.ms': '1000',
  };
  const broker = await startKafka(settings, { linkPort: links.broker.port });
  onTestFinished(() => broker.stop());
  // It loses nothing when it is killed: what it has answered to is with the operating system.
  const store = await startRedis({ appendonly: 'yes', appendfsync: 'no' });
  onTestFinished(() => store.stop());
  links.broker.to(broker.behindLink);
  links.store.to(Number(store.address.split(':')[1]));
  return { broker, store, links };
};

const entryOf = ({ key, end, values }: WindowResult) => [idOf(key[0] ?? '', end), values] as const;

const resultsOf = (members: readonly ScoredMember[]): Results =>
  new Map(
    members.map(({ member }) => entryOf(JSON.parse(member) as WindowResult)) as [string, Record<string, number>][],
  );

const readTold = async (log: Log, topic: string): Promise<Results> => {
  const left = new Map((await log.bounds(topic)).map(({ partition, end }) => [partition, end] as const));
  const newest = new Map<string, { readonly epoch: number; readonly values: WindowResult['values'] }>();
  const consumer = await log.consumer({ topics: [topic], from: 'earliest' });
  for (const [partition, end] of left) if (end === 0n) left.delete(partition);
  while (left.size > 0)
    for (const { partition, records } of await consumer.poll({ maxRecords: 10_000, maxWaitMs: 5_000 })) {
      for (const { value, headers } of records) {
        const [id, values] = entryOf(WindowResult.parse(decodeJson(value ?? new Uint8Array())));
        const epoch = Number(headers[epochHeader]);
        if (epoch >= (newest.get(id)?.epoch ?? 0)) newest.set(id, { epoch, values });
      }
      if ((records.at(-1)?.offset ?? -1n) + 1n >= (left.get(partition) ?? 0n)) left.delete(partition);
    }
  await consumer.close();
  // A window that became empty is told as null.
  return new Map(
    [...newest].flatMap(([id, { values }]) => (values === null ? [] : [[id, values]])) as [
      string,
      Record<string, number>,
    ][],
  );
};

const hasEnded = async (keyValue: KeyValue, { program }: Fleet): Promise<boolean> => {
  const batch = keyValue.batch();
  const shards = batch.hashGetAll(keysOf(program.pipeline).watermarks(program.window));
  await batch.run();
  return watermarkOf(shards.value()) === endOfTime;
};

/** @param main what workers run instead of the window program */
export const openWorld = async (pipeline: string, main?: string): Promise<World> => {
  const { broker, store, links } = await startServers();
  const { folder, posts, people } = await createResources(pipeline);
  onTestFinished(() => rm(folder, { recursive: true }));
  const log = await createKafkaLog({ brokers: broker.brokers, clientId: 'test-kill', logger });
  onTestFinished(() => log.close());
  const { events } = topicsOf(pipeline);
  await log.createTopics([{ name: events, partitions }]);
  const keyValue = await createRedisKeyValue({ nodes: [store.address], logger });
  onTestFinished(() => keyValue.close());
  const pods = {
    folder,
    brokers: broker.brokers,
    redis: store.address,
    sessionTimeoutMs,
    ...(main !== undefined && { main }),
  };
  const address = (link: Link): string => `127.0.0.1:${link.port}`;
  const linked = { ...pods, brokers: [address(links.broker)], redis: address(links.store) };
  const stateFolder = join(folder, 'states');
  const fleets = [posts, people].map((program) =>
    createFleet(program, (place) => ({
      ...(place === 0 ? linked : pods),
      ...(program.volume !== undefined && { stateFolder }),
    })),
  );
  onTestFinished(async () => void (await Promise.all(fleets.map((fleet) => fleet.close()))));
  const [first, second] = fleets as [Fleet, Fleet];
  return {
    ...{ log, events, broker, store, links, posts: first, people: second },
    isOver: async () => (await Promise.all(fleets.map((fleet) => hasEnded(keyValue, fleet)))).every((over) => over),
    ledgerOf: ({ program }) => {
      const states = program.volume === undefined ? createLogStates(log) : createFileStates(stateFolder);
      return ledgerOfSaved(program, { log, states });
    },
    seriesOf: async (keys) => {
      const batch = keyValue.batch();
      const replies = keys.map((key) => batch.sortedRange(key, 0, -1));
      await batch.run();
      return resultsOf(replies.flatMap((reply) => reply.value()));
    },
    hashesOf: async (keys) => {
      const batch = keyValue.batch();
      const replies = keys.map((key) => batch.hashGetAll(key));
      await batch.run();
      return replies.map((reply) => reply.value());
    },
    told: (topic) => readTold(log, topic),
  };
};
