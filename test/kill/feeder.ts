import { setTimeout as wait } from 'node:timers/promises';
import type { Log, Producer } from '@groundswell/stores';
import { encodeEvent, endOfTime, watermarkHeader } from '@groundswell/wire';
import { type Input, partitions } from './input.ts';

const batchSize = 500;
const retryAfterMs = 500;

/** Writes the input so that the event of an offset is at that offset, whatever becomes of the broker in between. */
export interface Feeder {
  /** Writes on until each partition has so many events. */
  feedTo(perPartition: number): Promise<void>;
  /** Promises that nothing comes any more. */
  end(): Promise<void>;
  close(): Promise<void>;
}

const numbers = Array.from({ length: partitions }, (_, i) => i);

export const createFeeder = (log: Log, topic: string, { eventAt }: Input): Feeder => {
  let producer: Producer | undefined;

  const endOf = async (partition: number): Promise<number> => {
    const found = (await log.bounds(topic)).find((bounds) => bounds.partition === partition);
    return Number(found?.end ?? 0n);
  };
  /** What was sent and not acknowledged may be there: the log says. */
  const retried = async (act: () => Promise<void>): Promise<void> => {
    for (;;) {
      try {
        return await act();
      } catch {
        await producer?.close().catch(() => undefined);
        producer = undefined;
        await wait(retryAfterMs);
      }
    }
  };
  const feed = (partition: number, upTo: number) => async (): Promise<void> => {
    for (let from = await endOf(partition); from < upTo; from = Math.min(from + batchSize, upTo)) {
      producer ??= await log.producer();
      const length = Math.min(batchSize, upTo - from);
      const events = Array.from({ length }, (_, i) => eventAt(partition, from + i));
      await producer.send(
        topic,
        events.map((event) => ({ value: encodeEvent(event), partition, timestamp: event.at })),
      );
    }
  };
  return {
    feedTo: async (perPartition) => {
      for (const partition of numbers) await retried(feed(partition, perPartition));
    },
    end: () =>
      retried(async () => {
        producer ??= await log.producer();
        const headers = { [watermarkHeader]: String(endOfTime) };
        await producer.send(
          topic,
          numbers.map((partition) => ({ value: null, partition, headers })),
        );
      }),
    close: async () => producer?.close(),
  };
};
