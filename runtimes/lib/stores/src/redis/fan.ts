import { fanLimitOf, type ListFan } from '../key-value.ts';
import type { Call } from './call.ts';
import { register } from './scripts.ts';

/**
 * KEYS: hash, sorted set. ARGV: guard's field and text, cursor's field, text ('' for none) and last text, members of a page,
 * prefix of the lists, value, length from which on a list is cut, length that it is cut to.
 *
 * Followers never travel: 500 of them cost one call of 300 bytes, and the client nearly nothing.
 */
const script = `local held = redis.call('HMGET', KEYS[1], ARGV[1], ARGV[3])
if held[1] ~= ARGV[2] or (held[2] or '') ~= ARGV[4] then return false end
local from = ARGV[4] == '' and '-inf' or '(' .. ARGV[4]
local page = redis.call('ZRANGE', KEYS[2], from, '+inf', 'BYSCORE', 'LIMIT', 0, ARGV[6])
local prefix, value, limit = ARGV[7], ARGV[8], tonumber(ARGV[9])
local pushed = 0
for i = 1, #page do
  local key = prefix .. page[i]
  local length = redis.call('LPUSHX', key, value)
  if length > 0 then pushed = pushed + 1 end
  if length > limit then redis.call('LTRIM', key, 0, ARGV[10]) end
end
local cursor = ARGV[5]
if #page == tonumber(ARGV[6]) then cursor = redis.call('ZSCORE', KEYS[2], page[#page]) end
redis.call('HSET', KEYS[1], ARGV[3], cursor)
return {cursor, #page, pushed}`;

const digest = register(script);

export const fanCall = (fan: ListFan, prefix: string): Call => {
  const { key, guard, cursor, members, count, listPrefix, value, keep } = fan;
  const ofCursor = [cursor.field, cursor.from ?? '', cursor.done];
  const ofLists = [prefix + listPrefix, value, fanLimitOf(keep), keep - 1];
  return [
    ...(['evalsha', digest, 2, prefix + key, prefix + members, guard.field, guard.value] as const),
    ...ofCursor,
    count,
    ...ofLists,
  ];
};
