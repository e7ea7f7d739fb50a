import { CommandBatch, type Queued, type RunCommands } from '../commands/batch.ts';
import { type Command, CommandError, wrongKind } from '../commands/command.ts';
import type { KeyValue } from '../key-value.ts';
import { answerOf, callsOf } from './calls.ts';
import { createRedisConnection, type RedisConnectionOptions, reasonOf } from './connection.ts';
import { type CallResult, createSend, type SendCalls } from './send.ts';

export interface RedisKeyValueOptions extends RedisConnectionOptions {
  /** Goes before every key, so that several can share a server. */
  readonly keyPrefix?: string;
}

const explain = (command: Command, error: Error): CommandError =>
  new CommandError(command, error.message.startsWith('WRONGTYPE') ? wrongKind : reasonOf(error));

const settle = ({ command, reply }: Queued, results: readonly CallResult[]): CommandError | undefined => {
  const error = results.find((result) => result.error !== undefined)?.error;
  if (error === undefined) {
    reply?.answer(answerOf(command, results[0]?.reply));
    return undefined;
  }
  reply?.fail();
  return explain(command, error);
};

const createRun =
  (send: SendCalls, ready: () => Promise<void>, prefix: string): RunCommands =>
  async (queued) => {
    await ready();
    const calls = queued.map(({ command }) => callsOf(command, prefix));
    const results = await send(calls.flat());
    let at = 0;
    let failed: CommandError | undefined;
    for (const [i, one] of queued.entries()) {
      const count = calls[i]?.length ?? 0;
      const error = settle(one, results.slice(at, at + count));
      failed ??= error;
      at += count;
    }
    if (failed !== undefined) throw failed;
  };

/** A key-value store on Redis or Redis Cluster. @throws Error when it cannot be reached, or the password is refused */
export const createRedisKeyValue = async (options: RedisKeyValueOptions): Promise<KeyValue> => {
  const { client, ready, close } = createRedisConnection(options);
  try {
    await ready();
  } catch (error) {
    close();
    throw error;
  }
  const run = createRun(createSend(client), ready, options.keyPrefix ?? '');
  return {
    batch: () => new CommandBatch(run),
    close: async () => close(),
  };
};
