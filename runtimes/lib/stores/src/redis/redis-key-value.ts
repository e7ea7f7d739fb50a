import { Cluster } from 'ioredis';
import { CommandBatch, type Queued, type RunCommands } from '../commands/batch.ts';
import { type Command, CommandError, wrongKind } from '../commands/command.ts';
import type { Around } from '../commands/enduring.ts';
import { type Fence, FencedError, type KeyValue } from '../key-value.ts';
import type { Call } from './call.ts';
import { answerOf, callsOf } from './calls.ts';
import { createRedisConnection, type RedisConnectionOptions, reasonOf } from './connection.ts';
import { fencedCall } from './fenced.ts';
import { joinReads } from './joined-reads.ts';
import { type CallResult, createSend, type SendCalls } from './send.ts';

export interface RedisKeyValueOptions extends RedisConnectionOptions {
  /** Goes before every key, so that several can share a server. */
  readonly keyPrefix?: string;
  readonly around?: Around;
}

const explain = (command: Command, error: Error): CommandError =>
  new CommandError(command, error.message.includes('WRONGTYPE') ? wrongKind : reasonOf(error));

/** Commands that travel as one or several calls, of which `repliesOf` picks the replies again. */
interface Trip {
  readonly queued: readonly Queued[];
  readonly calls: readonly Call[];
  /** The reply for each command; undefined where a fence kept them out. */
  repliesOf(results: readonly unknown[]): readonly unknown[] | undefined;
}

const plainTrip = (one: Queued, prefix: string): Trip => ({
  queued: [one],
  calls: callsOf(one.command, prefix),
  repliesOf: ([first]) => [first],
});

/** All commands on one key as one call. */
const fencedTrip = (queued: readonly Queued[], fence: Fence, prefix: string): Trip => {
  const calls = queued.map(({ command }) => callsOf(command, prefix));
  return {
    queued,
    calls: [fencedCall(fence, calls.flat(), prefix)],
    repliesOf: ([replies]) => {
      if (!Array.isArray(replies)) return undefined;
      let at = 0;
      return calls.map(({ length }) => {
        at += length;
        return replies[at - length];
      });
    },
  };
};

interface TripOptions {
  readonly prefix: string;
  readonly fence: Fence | undefined;
  /** Whether keys of a call may lie anywhere. */
  readonly joins: boolean;
}

const plainTrips = (queued: readonly Queued[], { prefix, joins }: TripOptions): readonly Trip[] => {
  const { joined, rest } = joins ? joinReads(queued, prefix) : { joined: [], rest: queued };
  return [
    ...joined.map(
      ({ queued: reads, call }): Trip => ({
        queued: reads,
        calls: [call],
        repliesOf: ([replies]) => replies as readonly unknown[],
      }),
    ),
    ...rest.map((one) => plainTrip(one, prefix)),
  ];
};

const tripsOf = (queued: readonly Queued[], options: TripOptions): readonly Trip[] => {
  const { prefix, fence } = options;
  if (fence === undefined) return plainTrips(queued, options);
  const byKey = new Map<string, Queued[]>();
  for (const one of queued) {
    const others = byKey.get(one.command.key);
    if (others === undefined) byKey.set(one.command.key, [one]);
    else others.push(one);
  }
  return [...byKey.values()].map((group) => fencedTrip(group, fence, prefix));
};

/** Settles the replies of a trip; answers what went wrong. */
const settle = (
  { queued, repliesOf }: Trip,
  results: readonly CallResult[],
  fence: Fence | undefined,
): Error | undefined => {
  const [first] = queued;
  if (first === undefined) return undefined;
  const error = results.find((result) => result.error !== undefined)?.error;
  const replies = error === undefined ? repliesOf(results.map(({ reply }) => reply)) : undefined;
  let failed = error && explain(first.command, error);
  for (const [i, { command, reply }] of queued.entries()) {
    const answer = replies?.[i];
    if (replies === undefined || answer instanceof Error) reply?.fail();
    else reply?.answer(answerOf(command, answer));
    if (answer instanceof Error) failed ??= explain(command, answer);
  }
  if (failed !== undefined) return failed;
  return replies === undefined && fence !== undefined ? new FencedError(fence, first.command.key) : undefined;
};

const createRun =
  (send: SendCalls, ready: () => Promise<void>, { prefix, joins }: Omit<TripOptions, 'fence'>) =>
  (fence?: Fence): RunCommands =>
  async (queued) => {
    await ready();
    const trips = tripsOf(queued, { prefix, fence, joins });
    const results = await send(trips.flatMap(({ calls }) => calls));
    let at = 0;
    let failed: Error | undefined;
    for (const trip of trips) {
      const error = settle(trip, results.slice(at, at + trip.calls.length), fence);
      if (failed === undefined || failed instanceof FencedError) failed = error ?? failed;
      at += trip.calls.length;
    }
    if (failed !== undefined) throw failed;
  };

/** A key-value store on Redis or Redis Cluster. @throws Error when it cannot be reached, or the password is refused */
export const createRedisKeyValue = async (options: RedisKeyValueOptions): Promise<KeyValue> => {
  const { client, ready, close } = createRedisConnection(options);
  const { around = (plain) => plain } = options;
  try {
    await ready();
  } catch (error) {
    close();
    throw error;
  }
  const run = createRun(createSend(client), ready, {
    prefix: options.keyPrefix ?? '',
    joins: !(client instanceof Cluster),
  });
  return {
    batch: (fence) => new CommandBatch(around(run(fence)), fence),
    close: async () => close(),
  };
};
