import type { Logger } from '@groundswell/process';
import { Cluster, Redis } from 'ioredis';
import { type Tls, tlsOptionsOf } from '../tls.ts';

export interface RedisConnectionOptions {
  /** Each `host:port`. Of a cluster, or of sentinels, some are enough; else the first counts. */
  readonly nodes: readonly string[];
  readonly cluster?: boolean;
  /** The nodes are sentinels, which know where the master of this name is. */
  readonly sentinelMaster?: string;
  readonly username?: string;
  /** By value; it is never logged. */
  readonly password?: string;
  /** Not in a cluster. */
  readonly database?: number;
  readonly tls?: Tls;
  readonly logger: Logger;
  /** A command that is not answered within this has failed; 5 s. */
  readonly commandTimeoutMs?: number;
  /** How long a batch waits for a connection that is lost; 10 s. */
  readonly connectTimeoutMs?: number;
}

export interface RedisConnection {
  readonly client: Redis | Cluster;
  /** @throws Error when there is no connection in time */
  ready(): Promise<void>;
  close(): void;
}

interface Node {
  readonly host: string;
  readonly port: number;
}

const nodeOf = (address: string): Node => {
  const at = address.lastIndexOf(':');
  const port = Number(address.slice(at + 1));
  if (at < 1 || !Number.isInteger(port) || port < 1) {
    throw new Error(`Cannot connect to Redis at "${address}": an address of the form host:port is needed`);
  }
  return { host: address.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port };
};

const backoff = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 6), 2000);

const commonOf = (options: RedisConnectionOptions) => {
  const { username, password, tls, commandTimeoutMs = 5000, connectTimeoutMs = 10_000 } = options;
  return {
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    // What was on its way when the connection broke may have been done: counting it twice is not for us to decide.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    protocol: 2 as const,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls: tlsOptionsOf(tls) }),
  };
};

const sentinelsOf = (
  sentinels: readonly Node[],
  { sentinelMaster, tls }: RedisConnectionOptions & { readonly sentinelMaster: string },
) => ({
  sentinels: [...sentinels],
  name: sentinelMaster,
  sentinelRetryStrategy: backoff,
  ...(tls !== undefined && { enableTLSForSentinelMode: true, sentinelTLS: tlsOptionsOf(tls) }),
  // Who was the master takes no more writes; who is it now, the sentinels say.
  reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
});

const createClient = (options: RedisConnectionOptions): Redis | Cluster => {
  const nodes = options.nodes.map(nodeOf);
  const [first] = nodes;
  if (first === undefined) throw new Error('Cannot connect to Redis: no address was given');
  const common = commonOf(options);
  if (options.cluster !== true) {
    const { database = 0, sentinelMaster } = options;
    const where = sentinelMaster === undefined ? first : sentinelsOf(nodes, { ...options, sentinelMaster });
    return new Redis({ ...common, ...where, db: database, enableOfflineQueue: false, retryStrategy: backoff });
  }
  return new Cluster(nodes, {
    redisOptions: common,
    enableOfflineQueue: false,
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: 5000,
    clusterRetryStrategy: backoff,
    clusterNodeRetryStrategy: backoff,
  });
};

/**
 * What went wrong, in words. ioredis hangs the command with its arguments on its errors, passwords and values among them, so
 * these errors go no further: neither as cause nor into a log.
 */
export const reasonOf = (error: Error): string => {
  // A cluster wraps what went wrong with each node.
  const { message } = 'lastNodeError' in error && error.lastNodeError instanceof Error ? error.lastNodeError : error;
  const isLost = /max retries per request|Stream isn't writeable|Connection is closed/.test(message);
  // Redis quotes arguments of commands that it does not know.
  return isLost ? 'the connection was lost' : (message.split(', with args')[0] ?? '');
};

/** No later attempt will fare better. */
const isRefusal = (error: Error): boolean => /^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password)/.test(reasonOf(error));

/** A connection that comes back by itself. */
export const createRedisConnection = (options: RedisConnectionOptions): RedisConnection => {
  const { logger, nodes, connectTimeoutMs = 10_000 } = options;
  const client = createClient(options);
  let lastError: Error | undefined;
  client.on('error', (error: Error) => {
    // Repeated with each attempt to connect.
    if (lastError === undefined) logger.warn({ nodes, reason: reasonOf(error) }, 'lost Redis, connecting again');
    lastError = error;
  });
  client.on('ready', () => {
    if (lastError !== undefined) logger.info({ nodes }, 'connected to Redis again');
    lastError = undefined;
  });
  const waitForReady = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (outcome: () => void): void => {
        clearTimeout(timer);
        client.off('ready', onReady).off('error', onError).off('end', onEnd);
        outcome();
      };
      const fail = (cause: Error): void =>
        settle(() => reject(new Error(`Cannot reach Redis at ${nodes.join(', ')}: ${reasonOf(cause)}`)));
      const onReady = (): void => settle(resolve);
      const onEnd = (): void => fail(lastError ?? new Error('the connection is closed'));
      const onError = (error: Error): void => {
        if (isRefusal(error)) fail(error);
      };
      const timer = setTimeout(() => {
        fail(lastError ?? new Error(`no connection within ${connectTimeoutMs / 1000} s`));
      }, connectTimeoutMs);
      client.on('ready', onReady).on('error', onError).on('end', onEnd);
      if (client.status === 'end') onEnd();
    });
  return {
    client,
    ready: async () => {
      if (client.status !== 'ready') await waitForReady();
    },
    close: () => client.disconnect(),
  };
};
