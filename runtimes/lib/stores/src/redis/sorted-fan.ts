import type { ScoredMember, SortedFan } from '../key-value.ts';
import type { Call } from './call.ts';
import { scoreText } from './score-text.ts';
import { register } from './scripts.ts';

/**
 * KEYS: hash, sorted set. ARGV: guard's field and text, where the last page ended ('' at the start), members of a page, prefix
 * of the sets, member, score ('' to remove it).
 */
const fan = register(`if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return false end
local from = ARGV[3] == '' and '-inf' or '(' .. ARGV[3]
local page = redis.call('ZRANGE', KEYS[2], from, '+inf', 'BYSCORE', 'LIMIT', 0, ARGV[4])
local written = 0
for i = 1, #page do
  local key = ARGV[5] .. page[i]
  if redis.call('EXISTS', key) == 1 then
    if ARGV[7] == '' then redis.call('ZREM', key, ARGV[6]) else redis.call('ZADD', key, ARGV[7], ARGV[6]) end
    written = written + 1
  end
end
local cursor = ''
if #page == tonumber(ARGV[4]) then cursor = redis.call('ZSCORE', KEYS[2], page[#page]) end
return {cursor, #page, written}`);

export const sortedFanCall = (
  { key, guard, members, from, count, setPrefix, member, score }: SortedFan,
  prefix: string,
): Call => [
  ...(['evalsha', fan, 2, prefix + key, prefix + members, guard.field, guard.value, from ?? '', count] as const),
  ...[prefix + setPrefix, member, score === undefined ? '' : scoreText(score)],
];

/** KEYS: sorted set. ARGV: member that has to be there, then scores and members in turn. */
const fill = register(`if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  for i = 2, #ARGV, 2 do redis.call('ZADD', KEYS[1], 'NX', ARGV[i], ARGV[i + 1]) end
end`);

export const fillCall = (
  { marked, members }: { readonly marked: string; readonly members: readonly ScoredMember[] },
  key: string,
): Call => ['evalsha', fill, 1, key, marked, ...members.flatMap(({ score, member }) => [scoreText(score), member])];
