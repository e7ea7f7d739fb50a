import { setTimeout as after } from 'node:timers/promises';
import type { Connect, Connection } from './connection.ts';

export interface Load {
  /** Requests a second that were answered, and answered right. */
  readonly rate: number;
  readonly right: number;
  readonly refused: number;
  /** Answered with something else than expected. */
  readonly wrong: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Target {
  readonly address: string;
  readonly connect: Connect;
  /** The whole answer to each request; requests take turns. */
  readonly answers: readonly Buffer[];
}

interface Count {
  right: number;
  refused: number;
  wrong: number;
  readonly times: number[];
}

const emptyCount = (): Count => ({ right: 0, refused: 0, wrong: 0, times: [] });

const note = (count: Count, { answer, expected, ms }: { answer: Buffer | undefined; expected: Buffer; ms: number }) => {
  if (answer === undefined) count.refused++;
  else if (!answer.equals(expected)) count.wrong++;
  else {
    count.right++;
    count.times.push(ms);
  }
};

const loadOf = ({ right, refused, wrong, times }: Count, seconds: number): Load => {
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { rate: right / seconds, right, refused, wrong, p50Ms: at(0.5), p99Ms: at(0.99) };
};

/** Opens many without overrunning the server's queue of connections. */
const openAll = async ({ address, connect }: Target, count: number): Promise<readonly Connection[]> => {
  const all: Connection[] = [];
  while (all.length < count) {
    const some = Math.min(200, count - all.length);
    all.push(...(await Promise.all(Array.from({ length: some }, () => connect(address)))));
  }
  return all;
};

export interface Clients {
  /** Each asking again as soon as it is answered. */
  readonly clients: number;
  /** Those that the clients share. */
  readonly connections: number;
  readonly seconds: number;
  /** CPU seconds of the server so far. */
  readonly cpuSeconds: () => number;
}

export interface Timing extends Load {
  /** Of the server, for each right answer. */
  readonly cpuMicros: number;
}

/** Answers before it counts, and the longest that it waits for them, ms: compilers want to have seen the code often. */
const warmUp = { answers: 5_000, leastMs: 300, mostMs: 5_000 };

export const closedLoop = async (target: Target, options: Clients): Promise<Timing> => {
  const { clients, seconds, cpuSeconds } = options;
  const opened = await openAll(target, options.connections);
  const { answers } = target;
  let [next, count, over] = [0, emptyCount(), false];
  const loop = (connection: Connection): void => {
    if (over) return;
    const request = next++ % answers.length;
    const startedAt = performance.now();
    connection.ask(request, (answer) => {
      note(count, { answer, expected: answers[request] as Buffer, ms: performance.now() - startedAt });
      // A refusal may be told at once: not deeper and deeper.
      if (answer === undefined) setImmediate(loop, connection);
      else loop(connection);
    });
  };
  const beganAt = performance.now();
  for (let i = 0; i < clients; i++) loop(opened[i % opened.length] as Connection);
  await after(warmUp.leastMs);
  while (count.right < warmUp.answers && performance.now() - beganAt < warmUp.mostMs) await after(50);
  count = emptyCount();
  const [startedAt, cpu] = [performance.now(), cpuSeconds()];
  await after(seconds * 1000);
  const load = loadOf(count, (performance.now() - startedAt) / 1000);
  const cpuMicros = ((cpuSeconds() - cpu) * 1e6) / load.right;
  over = true;
  for (const connection of opened) connection.close();
  return { ...load, cpuMicros };
};

/** `count` requests that are all under way at once, each on a connection of its own or spread over `connections`. */
export const allAtOnce = async (target: Target, count: number, connections: number): Promise<Load> => {
  const opened = await openAll(target, connections);
  const tally = emptyCount();
  const startedAt = performance.now();
  await Promise.all(
    Array.from(
      { length: count },
      (_, i) =>
        new Promise<void>((resolve) => {
          const request = i % target.answers.length;
          opened[i % connections]?.ask(request, (answer) => {
            const ms = performance.now() - startedAt;
            note(tally, { answer, expected: target.answers[request] as Buffer, ms });
            resolve();
          });
        }),
    ),
  );
  const load = loadOf(tally, (performance.now() - startedAt) / 1000);
  for (const connection of opened) connection.close();
  return load;
};

export interface Arrivals {
  readonly perSecond: number;
  readonly connections: number;
  readonly seconds: number;
  /** An answer that comes later is worth nothing. */
  readonly deadlineMs: number;
}

/**
 * Requests arrive at their own pace, however fast they are answered. What finds no room on any connection fails at once, as
 * with a limit of requests in a proxy. The rate is that of right answers in time.
 */
export const openLoop = async (target: Target, arrivals: Arrivals): Promise<Load> => {
  const { perSecond, seconds, deadlineMs } = arrivals;
  const opened = await openAll(target, arrivals.connections);
  const count = emptyCount();
  let [turn, arrived, sent] = [0, 0, 0];
  const arrive = (arrivedAt: number): void => {
    for (let tries = 0; tries < opened.length; tries++) {
      const connection = opened[turn++ % opened.length] as Connection;
      if (connection.room() <= 0) continue;
      const request = sent++ % target.answers.length;
      connection.ask(request, (answer) => {
        const ms = performance.now() - arrivedAt;
        const inTime = ms <= deadlineMs ? answer : undefined;
        note(count, { answer: inTime, expected: target.answers[request] as Buffer, ms });
      });
      return;
    }
    count.refused++;
  };
  const startedAt = performance.now();
  for (let now = startedAt; now < startedAt + seconds * 1000; now = performance.now()) {
    for (; arrived < ((now - startedAt) * perSecond) / 1000; arrived++) arrive(now);
    await after(1);
  }
  const load = loadOf(count, (performance.now() - startedAt) / 1000);
  for (const connection of opened) connection.close();
  return load;
};
