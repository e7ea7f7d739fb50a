import { type Answer, delayOf, patienceMs } from '@groundswell/alerting';
import type { Clock } from '@groundswell/process';
import type { Batch, Consumer, Position } from '@groundswell/stores';
import type { Told } from './told.ts';

/** A message on its way to a receiver. */
interface Errand {
  readonly told: Told;
  readonly place: string;
  readonly offset: bigint;
  /** Wall time at which it was read, ms. */
  readonly since: number;
}

/** What the world does for a courier. */
export interface CourierWorld {
  readonly clock: Clock;
  readonly consumer: Consumer;
  /** Undefined for a record that nobody is told of, or that cannot be read: then it was put aside. */
  readonly read: (batch: Batch, i: number) => Promise<Told | undefined>;
  readonly send: (told: Told) => Promise<Answer>;
  readonly bury: (errand: Errand, problem: string) => Promise<void>;
  readonly onSent: (tookMs: number) => void;
  readonly onFailed: (problem: string) => void;
}

/**
 * Tells one receiver what stands in the log. The log is the outbox: who takes over reads again what has not arrived. While a
 * receiver fails, one message tries, and the others wait with it.
 */
export interface Courier {
  /** Reads, and sends in the background. Resolves to the number of records. */
  step(): Promise<number>;
  /** Before the first record of each partition that has not arrived. */
  positions(): readonly Position[];
  /** Waits for what is being sent. */
  settle(): Promise<void>;
  /** Why the last message did not arrive; undefined where it did. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

/** What is read ahead: the rest waits in the log. */
const mostWaiting = 500;
const mostAtOnce = 16;

export const createCourier = (from: readonly Position[], world: CourierWorld): Courier => {
  const { clock, consumer } = world;
  const read = new Map(from.map((position) => [`${position.topic}/${position.partition}`, position]));
  let waiting: Errand[] = [];
  const sending = new Map<Errand, Promise<void>>();
  let back: { readonly errand: Errand; readonly answer: Answer }[] = [];
  let [failures, pausedUntil] = [0, 0];
  let trouble: string | undefined;

  const take = async (batch: Batch): Promise<void> => {
    const { topic, partition, records } = batch;
    const place = `${topic}/${partition}`;
    const next = read.get(place)?.offset ?? 0n;
    for (const [i, { offset }] of records.entries()) {
      if (offset < next) continue;
      const told = await world.read(batch, i);
      if (told !== undefined) waiting.push({ told, place, offset, since: clock.now() });
      read.set(place, { topic, partition, offset: offset + 1n });
    }
  };
  const send = (errand: Errand): void => {
    const way = world.send(errand.told).then((answer) => {
      back.push({ errand, answer });
    });
    sending.set(errand, way);
  };
  const fail = async (errand: Errand, answer: Exclude<Answer, { readonly kind: 'sent' }>): Promise<void> => {
    trouble = answer.problem;
    if (answer.kind === 'refused') return world.bury(errand, answer.problem);
    world.onFailed(answer.problem);
    // Of several that were under way each failed, and that is one failure of the receiver.
    if (clock.now() >= pausedUntil) pausedUntil = clock.now() + delayOf(++failures, answer.retryAfterMs);
    waiting.unshift(errand);
  };
  const takeAnswers = async (): Promise<void> => {
    const returned = back;
    back = [];
    for (const { errand, answer } of returned) {
      sending.delete(errand);
      if (answer.kind !== 'sent') await fail(errand, answer);
      else {
        [failures, pausedUntil, trouble] = [0, 0, undefined];
        world.onSent(clock.now() - errand.since);
      }
    }
  };
  const buryOld = async (): Promise<void> => {
    if (failures === 0) return;
    const old = waiting.filter(({ since }) => clock.now() - since > patienceMs);
    waiting = waiting.filter((errand) => !old.includes(errand));
    for (const errand of old) await world.bury(errand, trouble ?? '');
  };

  return {
    step: async () => {
      await takeAnswers();
      await buryOld();
      const room = mostWaiting - waiting.length - sending.size;
      const batches = room <= 0 ? [] : await consumer.poll({ maxRecords: room, maxWaitMs: 0 });
      for (const batch of batches) await take(batch);
      const free = (failures > 0 ? 1 : mostAtOnce) - sending.size;
      if (clock.now() >= pausedUntil && free > 0) for (const errand of waiting.splice(0, free)) send(errand);
      return batches.reduce((sum, { records }) => sum + records.length, 0);
    },
    positions: () =>
      [...read].map(([place, position]) => {
        let { offset } = position;
        for (const errand of [...waiting, ...sending.keys()])
          if (errand.place === place && errand.offset < offset) offset = errand.offset;
        return { ...position, offset };
      }),
    settle: async () => {
      await Promise.all(sending.values());
      await takeAnswers();
    },
    trouble: () => trouble,
    close: () => consumer.close(),
  };
};
