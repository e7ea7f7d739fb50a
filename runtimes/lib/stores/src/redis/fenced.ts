import { Command } from 'ioredis';
import { type Fence, fenceKeepMs } from '../key-value.ts';
import type { Call } from './call.ts';
import { register } from './scripts.ts';

/**
 * KEYS: the guard, the key. ARGV: epoch, time to keep the guard in ms, then for each call its name, how many arguments
 * follow, and those.
 */
const script = `local held = redis.call('GETEX', KEYS[1], 'PX', ARGV[2])
if held ~= ARGV[1] then
  if held and tonumber(held) > tonumber(ARGV[1]) then return false end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
local replies = {}
local i = 3
while ARGV[i] do
  local count = tonumber(ARGV[i + 1])
  replies[#replies + 1] = redis.call(ARGV[i], KEYS[2], unpack(ARGV, i + 2, i + 1 + count))
  i = i + 2 + count
end
return replies`;

const digest = register(script);

/** What of a key decides its slot: the text in its first braces, if there is any. */
const tagOf = (key: string): string => /^[^{]*\{([^}]+)\}/.exec(key)?.[1] ?? key;

const slotOf = (key: string): number => new Command('get', [key]).getSlot() ?? 0;

/** The key beside a key that says who wrote to it; on a cluster in the same slot, as a script sees one slot only. */
const guardOf = (scope: string, key: string): string => {
  if (tagOf(key) !== key) return `${scope}:${key}`;
  if (!key.includes('}')) return `${scope}:{${key}}`;
  // A tag ends with the first brace, so such a key cannot be one: another text with its slot is looked for.
  for (let i = 0; ; i++) if (slotOf(`${scope}:{${i}}`) === slotOf(key)) return `${scope}:{${i}}:${key}`;
};

/** One call for all calls on a key. Replies with one reply for each, or with null when a higher epoch was there. */
export const fencedCall = ({ scope, epoch }: Fence, calls: readonly Call[], prefix: string): Call => {
  const key = calls[0]?.[1] ?? '';
  const flat = calls.flatMap(([name, , ...rest]) => [name, rest.length, ...rest]);
  return ['evalsha', digest, 2, guardOf(prefix + scope, key), key, epoch, fenceKeepMs, ...flat];
};
