import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Logger } from '@groundswell/process';
import kafkajs, { type Kafka, type KafkaConfig, type logCreator, type SASLOptions } from 'kafkajs';
import { type Tls, tlsOptionsOf } from '../tls.ts';
import { decodeBatchesLeanly } from './lean-batches.ts';

export interface KafkaOptions {
  readonly brokers: readonly string[];
  /** Names this program to the brokers, and begins the names of groups that only it uses. */
  readonly clientId: string;
  readonly logger: Logger;
  readonly tls?: Tls;
  /** Credentials by value; they are never logged. */
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

/** kafkajs reports what it retries as errors, and every change of a group as a warning. */
const levelOf = (level: number): 'warn' | 'info' | 'debug' => {
  if (level <= kafkajs.logLevel.ERROR) return 'warn';
  return level === kafkajs.logLevel.WARN ? 'info' : 'debug';
};

const logTo =
  (logger: Logger): logCreator =>
  () =>
  ({ namespace, level, log }) => {
    const { message, timestamp: _, logger: __, stack: ___, ...fields } = log;
    logger[levelOf(level)]({ ...fields, client: namespace }, `kafka: ${message}`);
  };

/**
 * Node has zstd built in, so this needs no package; kafkajs leaves the codec to us. In this thread: a batch takes a fraction of a
 * millisecond, and waiting for a thread of the pool takes longer.
 */
const registerZstd = (): void => {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => zstdCompressSync(buffer),
    decompress: async (buffer: Buffer) => zstdDecompressSync(buffer),
  });
};

const securityOf = ({ tls, sasl }: KafkaOptions): Pick<KafkaConfig, 'ssl' | 'sasl'> => ({
  ...(tls === undefined ? {} : { ssl: tlsOptionsOf(tls) }),
  ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
});

export const createKafkaClient = (options: KafkaOptions): Kafka => {
  registerZstd();
  decodeBatchesLeanly();
  return new kafkajs.Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: 10_000,
    requestTimeout: 30_000,
    // Written out, because kafkajs has other defaults where NODE_ENV is "test". About 15 s in all.
    retry: { initialRetryTime: 100, factor: 0.2, multiplier: 2, maxRetryTime: 5000, retries: 8 },
    logLevel: kafkajs.logLevel.INFO,
    logCreator: logTo(options.logger),
    ...securityOf(options),
  });
};

/** The name that Kafka gives to what went wrong, as `UNKNOWN_MEMBER_ID`, wherever kafkajs has wrapped it. */
export const kafkaErrorType = (error: unknown): string | undefined => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('type' in at && typeof at.type === 'string') return at.type;
  }
  return undefined;
};
