import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, freePorts, startDaemon } from './daemon.ts';
import { ensureProgram } from './programs.ts';

/** A Redis server of our own, on loopback, in memory. */
export interface RunningRedis {
  readonly address: string;
  pid(): number;
  stop(): Promise<void>;
  /** kill -9. It keeps nothing. */
  kill(): Promise<void>;
  /** After `kill`, at the same address. */
  restart(): Promise<void>;
}

export interface RunningRedisSentinel {
  readonly address: string;
  /** Of the master. */
  readonly name: string;
  readonly master: RunningRedis;
  readonly replica: RunningRedis;
  stop(): Promise<void>;
}

export interface RunningRedisCluster {
  readonly addresses: readonly string[];
  readonly nodes: readonly RunningRedis[];
  stop(): Promise<void>;
}

const instead = 'set GROUNDSWELL_REDIS and GROUNDSWELL_REDIS_CLUSTER to addresses of servers';

const startNode = async (port: number, options: Readonly<Record<string, string>>): Promise<RunningRedis> => {
  const command = ensureProgram('redis-server', 'redis-server', instead);
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-redis-'));
  const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir: folder, ...options };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const start = (): Promise<Daemon> =>
    startDaemon({ command, words, folder, readyText: 'Ready to accept connections', readyWithinMs: 20_000 });
  let daemon = await start().catch((error) => {
    remove();
    throw error;
  });
  return {
    address: `${settings.bind}:${port}`,
    pid: () => daemon.pid,
    stop: async () => {
      await daemon.kill();
      remove();
    },
    kill: () => daemon.kill(),
    restart: async () => {
      daemon = await start();
    },
  };
};

export const startRedis = async (options: Readonly<Record<string, string>> = {}): Promise<RunningRedis> => {
  const [port = 0] = await freePorts(1);
  return startNode(port, options);
};

/** A master, a replica that has all that it has, and a sentinel that puts the replica in its place when it is gone for half a second. */
export const startRedisSentinel = async (): Promise<RunningRedisSentinel> => {
  const [port = 0] = await freePorts(1);
  const master = await startRedis();
  const [host = '', masterPort = ''] = master.address.split(':');
  const replica = await startRedis({ replicaof: `${host} ${masterPort}` });
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-sentinel-'));
  const config = join(folder, 'sentinel.conf');
  const name = 'main';
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor ${name} ${host} ${masterPort} 1`,
    `sentinel down-after-milliseconds ${name} 500`,
    `sentinel failover-timeout ${name} 5000`,
  ];
  // It writes there what it learns.
  writeFileSync(config, `${lines.join('\n')}\n`);
  const command = ensureProgram('redis-server', 'redis-server', instead);
  const words = [config, '--sentinel'];
  const sentinel = await startDaemon({ command, words, folder, readyText: '+monitor', readyWithinMs: 20_000 });
  return {
    ...{ address: `127.0.0.1:${port}`, name, master, replica },
    stop: async () => {
      await sentinel.kill();
      await Promise.all([master.stop(), replica.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const cli = (...words: readonly string[]): string => {
  const command = ensureProgram('redis-cli', 'redis-tools', instead);
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Cannot make a Redis Cluster: redis-cli ${words[0]} said\n${stdout}${stderr}`);
  return stdout;
};

/** Moves the first `slots` slots of the first node, with their keys, to the second. */
export const reshard = ([first = '', second = '']: readonly string[], slots: number): void => {
  const idOf = (address: string): string => {
    const [host = '', port = ''] = address.split(':');
    return cli('-h', host, '-p', port, 'cluster', 'myid').trim();
  };
  const move = ['--cluster-from', idOf(first), '--cluster-to', idOf(second), '--cluster-slots', String(slots)];
  cli('--cluster', 'reshard', first, ...move, '--cluster-yes');
};

/** Three masters without replicas, which share the slots. */
export const startRedisCluster = async (): Promise<RunningRedisCluster> => {
  // A node's bus is at its port + 10000, so the port must leave room for it.
  const ports = (await freePorts(20)).filter((port) => port <= 55_535).slice(0, 3);
  if (ports.length < 3) throw new Error('Cannot make a Redis Cluster: no three free ports below 55536');
  const nodes: RunningRedis[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (const port of ports) {
      nodes.push(await startNode(port, { 'cluster-enabled': 'yes', 'cluster-config-file': `nodes-${port}.conf` }));
    }
    const addresses = nodes.map(({ address }) => address);
    cli('--cluster', 'create', ...addresses, '--cluster-replicas', '0', '--cluster-yes');
    return { addresses, nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
