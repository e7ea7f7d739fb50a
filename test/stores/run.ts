import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startHbase } from '../servers/hbase.ts';
import { startKafka } from '../servers/kafka.ts';
import { say } from '../servers/programs.ts';
import { startRedis, startRedisCluster } from '../servers/redis.ts';

/** A server that the tests are told of by an environment variable; one that is set already is used as it is. */
interface Wanted {
  readonly variable: string;
  readonly what: string;
  readonly start: () => Promise<{ readonly addresses: readonly string[]; stop(): Promise<void> }>;
}

const wanted: readonly Wanted[] = [
  {
    variable: 'GROUNDSWELL_KAFKA',
    what: 'Kafka',
    start: async () => {
      const { brokers, stop } = await startKafka();
      return { addresses: brokers, stop };
    },
  },
  {
    variable: 'GROUNDSWELL_REDIS',
    what: 'Redis',
    start: async () => {
      const { address, stop } = await startRedis();
      return { addresses: [address], stop };
    },
  },
  { variable: 'GROUNDSWELL_REDIS_CLUSTER', what: 'Redis Cluster', start: startRedisCluster },
  {
    variable: 'GROUNDSWELL_HBASE',
    what: 'HBase',
    start: async () => {
      const { url, stop } = await startHbase();
      return { addresses: [url], stop };
    },
  },
];

const started: (() => Promise<void>)[] = [];

const startServers = async (): Promise<Record<string, string>> => {
  const addresses: Record<string, string> = {};
  for (const { variable, what, start } of wanted) {
    const given = process.env[variable];
    if (given !== undefined && given !== '') {
      say(`${what}: the one at ${given}`);
      continue;
    }
    const from = performance.now();
    const server = await start();
    started.push(server.stop);
    addresses[variable] = server.addresses.join(',');
    say(`${what}: started in ${((performance.now() - from) / 1000).toFixed(1)} s at ${addresses[variable]}`);
  }
  return addresses;
};

const runTests = async (env: Readonly<Record<string, string>>, stopped: AbortSignal): Promise<number> => {
  const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
  const words = ['run', '--config', join(import.meta.dirname, 'vitest.config.ts'), ...process.argv.slice(2)];
  const child = spawn(process.execPath, [vitest, ...words], { stdio: 'inherit', env: { ...process.env, ...env } });
  stopped.addEventListener('abort', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
};

/** Starts the servers that are not given, runs the suite, and stops what it started; arguments go on to vitest. */
const main = async (): Promise<number> => {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());
  try {
    const env = await startServers();
    return stopped.signal.aborted ? 130 : await runTests(env, stopped.signal);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await Promise.all(started.map((stop) => stop()));
  }
};

process.exitCode = await main();
