const digits = '234567abcdefghijklmnopqrstuvwxyz';
const form = /^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/;
const clockIds = 1024;
/** Bluesky's first day. Keys of before were not made by a clock. */
const earliest = Date.UTC(2022, 10, 1);

/**
 * When a record was made, ms since the epoch, by its key where that is a timestamp identifier: µs since the epoch and ten
 * bits that tell clocks apart, in sortable base 32. Source: atproto.com/specs/tid.
 */
export const timeOfKey = (key: string): number | undefined => {
  if (!form.test(key)) return undefined;
  let value = 0n;
  for (const digit of key) value = value * 32n + BigInt(digits.indexOf(digit));
  const at = Number(value / BigInt(clockIds)) / 1000;
  return at < earliest ? undefined : Math.floor(at);
};
