import type { Command } from '../commands/command.ts';
import { plainCommandsOf } from '../commands/row.ts';
import type { FanPage, ScoredMember } from '../key-value.ts';
import type { Call } from './call.ts';
import { fanCall } from './fan.ts';
import { scoreText } from './score-text.ts';
import { fillCall, sortedFanCall } from './sorted-fan.ts';

const scoreOf = (text: string): number => {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  return text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text);
};

/** What a command is to Redis; its reply is that of the first call. `prefix` goes before the key. */
export const callsOf = (command: Command, prefix: string): readonly Call[] => {
  const key = prefix + command.key;
  switch (command.kind) {
    case 'hashSet':
      return [['hset', key, ...Object.entries(command.fields).flat()]];
    case 'hashRow':
      return plainCommandsOf(command).flatMap((plain) => callsOf(plain, prefix));
    case 'hashDelete':
      return [['hdel', key, ...command.fields]];
    case 'hashGet':
    case 'hashValues':
      return [['hmget', key, ...command.fields]];
    case 'hashGetAll':
      return [['hgetall', key]];
    case 'sortedAdd':
      return [['zadd', key, ...command.members.flatMap(({ member, score }) => [scoreText(score), member])]];
    case 'sortedIncrement':
      return [['zincrby', key, scoreText(command.by), command.member]];
    case 'sortedRemove':
      return [['zrem', key, ...command.members]];
    case 'sortedRemoveByScore':
      return [['zremrangebyscore', key, scoreText(command.min), scoreText(command.max)]];
    case 'sortedRemoveByRank':
      return [['zremrangebyrank', key, command.start, command.stop]];
    case 'sortedRange':
      return [['zrange', key, command.start, command.stop, ...(command.reverse ? ['rev'] : []), 'withscores']];
    case 'sortedCount':
      return [['zcard', key]];
    case 'listPush':
      return [
        ['lpush', key, ...command.values],
        ['ltrim', key, 0, command.keep - 1],
      ];
    case 'listRemove':
      return command.values.map((value): Call => ['lrem', key, 0, value]);
    case 'sortedFill':
      return [fillCall(command, key)];
    case 'sortedFan':
      return [sortedFanCall(command, prefix)];
    case 'listFan':
      return [fanCall(command, prefix)];
    case 'listRange':
      return [['lrange', key, command.start, command.stop]];
    case 'counterAdd':
      return [['incrby', key, command.by]];
    case 'counterSet':
      return [['set', key, command.value, 'keepttl']];
    case 'counterGet':
      return [['get', key]];
    case 'delete':
      return [['del', key]];
    case 'expire':
      return [['pexpire', key, command.afterMs]];
  }
};

/** Member and score in turn, as Redis answers. */
const pairsOf = (flat: readonly string[]): ScoredMember[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => ({
    member: flat[2 * i] ?? '',
    score: scoreOf(flat[2 * i + 1] ?? ''),
  }));

type FanReply = readonly [cursor: string, members: number, pushed: number];

const pageOf = (reply: FanReply | null): FanPage | undefined =>
  reply === null ? undefined : { cursor: reply[0], members: reply[1], pushed: reply[2] };

/** What the port promises as answer, of what Redis answered. */
export const answerOf = (command: Command, reply: unknown): unknown => {
  if (command.kind === 'hashGet' || command.kind === 'hashValues')
    return (reply as readonly (string | null)[]).map((value) => value ?? undefined);
  if (command.kind === 'listFan' || command.kind === 'sortedFan') return pageOf(reply as FanReply | null);
  if (command.kind === 'counterGet') return reply === null ? undefined : Number(reply);
  if (command.kind === 'sortedRange') return pairsOf(reply as readonly string[]);
  return reply;
};
