import { createHash, randomBytes } from 'node:crypto';
import type { KeyValue } from '@groundswell/stores';
import { keysOf } from '@groundswell/wire';
import type { z } from 'zod';

/** Secrets of browsers, and what they stand for. Only digests of them are kept, so that who reads the store signs in as nobody. */
export interface Tickets<T> {
  /** @returns the secret, for a cookie */
  issue(value: T): Promise<string>;
  /** undefined where it is not known, is over, or was ended. */
  find(secret: string): Promise<T | undefined>;
  end(secret: string): Promise<void>;
}

interface TicketsOptions<T> {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  /** What they are for: those of one kind are none of another. */
  readonly kind: 'session' | 'begun';
  readonly schema: z.ZodType<T>;
  readonly ttlMs: number;
}

export const createTickets = <T>({ keyValue, pipeline, kind, schema, ttlMs }: TicketsOptions<T>): Tickets<T> => {
  const keyOf = (secret: string): string =>
    keysOf(pipeline).ticket(kind, createHash('sha256').update(secret).digest('hex'));
  return {
    issue: async (value) => {
      const secret = randomBytes(32).toString('base64url');
      const batch = keyValue.batch();
      batch.hashSet(keyOf(secret), { value: JSON.stringify(value) });
      batch.expire(keyOf(secret), ttlMs);
      await batch.run();
      return secret;
    },
    find: async (secret) => {
      const batch = keyValue.batch();
      const found = batch.hashGet(keyOf(secret), ['value']);
      await batch.run();
      const [stored] = found.value();
      return stored === undefined ? undefined : schema.parse(JSON.parse(stored));
    },
    end: async (secret) => {
      const batch = keyValue.batch();
      batch.delete(keyOf(secret));
      await batch.run();
    },
  };
};
