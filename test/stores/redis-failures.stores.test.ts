import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { createLogger } from '@groundswell/process';
import type { KeyValue } from '@groundswell/stores';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { Command } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type RunningRedis,
  type RunningRedisCluster,
  reshard,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
} from '../servers/redis.ts';
import { logger } from './servers.ts';

const ownRedis = async (options: Readonly<Record<string, string>> = {}): Promise<RunningRedis> => {
  const redis = await startRedis(options);
  onTestFinished(redis.stop);
  return redis;
};
const connect = async (address: string, options: object = {}): Promise<KeyValue> => {
  const store = await createRedisKeyValue({ nodes: [address], logger, connectTimeoutMs: 500, ...options });
  onTestFinished(() => store.close());
  return store;
};
const count = async (store: KeyValue, key = 'count', by = 1): Promise<number> => {
  const batch = store.batch();
  const reply = batch.counterAdd(key, by);
  await batch.run();
  return reply.value();
};

const read = async (store: KeyValue): Promise<number | undefined> => {
  const batch = store.batch();
  const reply = batch.counterGet('count');
  await batch.run();
  return reply.value();
};

describe('a Redis that fails', () => {
  test('by never having been there is named, with the reason', async () => {
    const redis = await ownRedis();
    await redis.kill();
    await expect(connect(redis.address)).rejects.toThrow(
      `Cannot reach Redis at ${redis.address}: connect ECONNREFUSED ${redis.address}`,
    );
  });

  test('by having forgotten its scripts, or never known them, does commands in their order all the same', async () => {
    const redis = await ownRedis();
    const store = await connect(redis.address);
    const fan = {
      ...{ key: 'job', guard: { field: 'owner', value: '7' }, cursor: { field: 'at', from: undefined, done: 'done' } },
      ...{ members: 'members', count: 2, listPrefix: 'list:', value: 'new', keep: 3 },
    };
    const fanBetween = async (): Promise<unknown> => {
      const batch = store.batch();
      batch.delete('job');
      batch.hashSet('job', { owner: '7' });
      const taken = batch.listFan(fan);
      batch.hashSet('job', { owner: '8' });
      await batch.run();
      return taken.value();
    };
    const done = { cursor: 'done', members: 0, pushed: 0 };
    expect(await fanBetween()).toEqual(done);
    await redis.kill();
    await redis.restart();
    await expect.poll(() => read(store).catch(() => 'away'), { timeout: 20_000 }).toBeUndefined();
    expect(await fanBetween()).toEqual(done);
  });

  test('by going away fails batches, and is used again when it is back', async () => {
    const redis = await ownRedis();
    const store = await connect(redis.address);
    await count(store);
    await redis.kill();
    const failure = (): Promise<string> =>
      count(store).then(
        () => 'none',
        (error: Error) => error.message,
      );
    expect(await failure()).toMatch(/the connection was lost$|ECONNREFUSED/);
    const refused = `Cannot reach Redis at ${redis.address}: connect ECONNREFUSED ${redis.address}`;
    await expect.poll(failure, { timeout: 20_000 }).toBe(refused);
    await redis.restart();
    await expect.poll(() => count(store).catch(() => 0), { timeout: 20_000 }).toBe(1);
  });

  test('by not answering fails the batch after the time for a command, and what it did is not repeated', async () => {
    const redis = await ownRedis();
    const store = await connect(redis.address, { commandTimeoutMs: 300 });
    process.kill(redis.pid(), 'SIGSTOP');
    await expect(count(store)).rejects.toThrow('Cannot run counterAdd on "count": Command timed out');
    process.kill(redis.pid(), 'SIGCONT');
    await expect.poll(() => count(store, 'count', 0).catch(() => 0), { timeout: 20_000 }).toBe(1);
  });

  test('by dying with a batch on its way fails the batch instead of sending it twice', async () => {
    const redis = await ownRedis();
    const store = await connect(redis.address, { connectTimeoutMs: 10_000 });
    process.kill(redis.pid(), 'SIGSTOP');
    const batch = count(store);
    const failed = expect(batch).rejects.toThrow('Cannot run counterAdd on "count": the connection was lost');
    await redis.kill();
    await redis.restart();
    await failed;
    await expect.poll(() => count(store, 'count', 0).catch(() => -1), { timeout: 20_000 }).toBe(0);
  });

  test('by refusing the password says so at once, and shows the password nowhere', async () => {
    const redis = await ownRedis({ requirepass: 'right-one' });
    let log = '';
    const to = new Writable({
      write: (chunk, _, done) => {
        log += chunk;
        done();
      },
    });
    const talking = createLogger('test', 'debug', to);
    const error = await connect(redis.address, {
      password: 'wrong-one',
      connectTimeoutMs: 60_000,
      logger: talking,
    }).catch((cause) => cause);
    expect(error.message).toMatch(/^Cannot reach Redis at .*: WRONGPASS/);
    expect(log).toContain('lost Redis');
    expect(`${inspect(error, { depth: 9 })}${log}`).not.toContain('wrong-one');
    expect(await count(await connect(redis.address, { password: 'right-one' }))).toBe(1);
  });
});

test('an error of a command shows no value, however closely it is looked at', async () => {
  const redis = await ownRedis();
  const store = await connect(redis.address);
  await count(store);
  const batch = store.batch();
  batch.listPush('count', ['a secret'], 3);
  const error = await batch.run().catch((cause) => cause);
  expect(error.message).toContain('Cannot run listPush on "count"');
  expect(inspect(error, { depth: 9 })).not.toContain('a secret');
});

test.each(['nowhere', 'host:', ':6379', 'host:port'])('the address "%s" is refused', async (address) => {
  await expect(connect(address)).rejects.toThrow(
    `Cannot connect to Redis at "${address}": an address of the form host:port is needed`,
  );
});

describe('a master that sentinels watch', () => {
  test('is found by its name, and when it dies the one that takes its place, with all that it had', async () => {
    const { address, name, master, replica, stop } = await startRedisSentinel();
    onTestFinished(stop);
    const beside = await connect(replica.address);
    const store = await connect(address, { sentinelMaster: name, connectTimeoutMs: 20_000 });
    expect(await count(store)).toBe(1);
    await expect.poll(() => read(beside), { timeout: 20_000 }).toBe(1);
    await master.kill();
    const counted = () => count(store).catch(() => 0);
    await expect.poll(counted, { timeout: 40_000 }).toBeGreaterThan(1);
    await expect.poll(async () => (await read(store)) === (await read(beside)), { timeout: 20_000 }).toBe(true);
  });

  test('that nobody knows by this name is told', async () => {
    const { address, stop } = await startRedisSentinel();
    onTestFinished(stop);
    await expect(connect(address, { sentinelMaster: 'other' })).rejects.toThrow(
      `Cannot reach Redis at ${address}: All sentinels are unreachable`,
    );
  });
});

describe('a cluster', () => {
  const keys = Array.from({ length: 2000 }, (_, i) => `key-${i}`);
  const slotOf = (key: string): number => new Command('get', [key]).getSlot() ?? 0;
  const ownCluster = async (): Promise<{ cluster: RunningRedisCluster; countAll: () => Promise<number[]> }> => {
    const cluster = await startRedisCluster();
    onTestFinished(cluster.stop);
    const options = { cluster: true, logger, commandTimeoutMs: 2000 };
    const store = await createRedisKeyValue({ nodes: cluster.addresses, ...options });
    onTestFinished(() => store.close());
    const countAll = async (): Promise<number[]> => {
      const batch = store.batch();
      const replies = keys.flatMap((key) => [batch.counterAdd(key, 1), batch.counterAdd(key, 1)]);
      await batch.run();
      return replies.map((reply) => reply.value());
    };
    return { cluster, countAll };
  };

  test('whose keys move to another node is followed, in order and once', async () => {
    const { cluster, countAll } = await ownCluster();
    expect(await countAll()).toEqual(keys.flatMap(() => [1, 2]));
    // The first thousand slots are the ones that move.
    expect(keys.filter((key) => slotOf(key) < 1000).length).toBeGreaterThan(50);
    reshard(cluster.addresses, 1000);
    expect(await countAll()).toEqual(keys.flatMap(() => [3, 4]));
  });

  test('that loses a node fails batches with its keys, and works again when the node is back', async () => {
    const { cluster, countAll } = await ownCluster();
    await countAll();
    await cluster.nodes[0]?.kill();
    await expect(countAll()).rejects.toThrow('Cannot run counterAdd on "key-');
    await cluster.nodes[0]?.restart();
    const isWhole = (): Promise<boolean> =>
      countAll().then(
        (counts) => counts.length === 4000,
        () => false,
      );
    await expect.poll(isWhole, { timeout: 60_000 }).toBe(true);
  });
});
