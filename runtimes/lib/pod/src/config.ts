import { z } from 'zod';
import { type Environment, readEnvironment } from './environment.ts';

/** What a Redis URL says. */
const redisOf = ({ protocol, hostname, port, username, password, pathname }: URL) => ({
  nodes: [`${hostname}:${port === '' ? 6379 : port}`],
  ...(username !== '' && { username: decodeURIComponent(username) }),
  ...(password !== '' && { password: decodeURIComponent(password) }),
  ...(pathname.length > 1 && { database: Number(pathname.slice(1)) }),
  ...(protocol === 'rediss:' && { tls: {} }),
});

/** What a pod gets from its environment. Everything else stands in the program. */
const Config = z.strictObject({
  /** File with the program as JSON, mounted from a ConfigMap. */
  programFile: z.string().min(1),
  kafkaBrokers: z
    .string()
    .min(1)
    .transform((list) => list.split(',')),
  redisUrl: z.string().transform((text, context) => {
    const url = URL.parse(text);
    if (url !== null && ['redis:', 'rediss:'].includes(url.protocol)) return redisOf(url);
    context.addIssue({
      code: 'custom',
      message: 'is no URL as redis://user:password@host:6379/0, or rediss:// with TLS',
    });
    return z.NEVER;
  }),
  /** Redis Cluster: other nodes are found from this one. */
  redisCluster: z.stringbool().default(false),
  /**
   * A pod that was killed keeps its partitions for so long; one that is silent for so long loses them. Brokers take no less
   * than 6 s unless they are set up otherwise.
   */
  sessionTimeoutMs: z.coerce.number().int().min(1_000).default(30_000),
  /** Of `/healthz`, `/readyz` and `/metrics`. */
  healthHost: z.string().default('0.0.0.0'),
  healthPort: z.coerce.number().int().min(0).max(65_535).default(9090),
  saveEveryMs: z.coerce.number().int().min(100).default(5_000),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export type Config = z.output<typeof Config>;

const names: Readonly<Record<keyof Config, string>> = {
  programFile: 'GROUNDSWELL_PROGRAM',
  kafkaBrokers: 'KAFKA_BROKERS',
  redisUrl: 'REDIS_URL',
  redisCluster: 'REDIS_CLUSTER',
  sessionTimeoutMs: 'SESSION_TIMEOUT_MS',
  healthHost: 'HEALTH_HOST',
  healthPort: 'HEALTH_PORT',
  saveEveryMs: 'SAVE_EVERY_MS',
  logLevel: 'LOG_LEVEL',
};

/** @throws Error that lists every variable that is missing or wrong */
export const readConfig = (env: Environment): Config => readEnvironment(Config, names, env);
