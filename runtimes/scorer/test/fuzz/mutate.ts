import type { Random } from './random.ts';

/** Changes some bytes: bits, cuts, repeats, and pieces that numbers and lengths go wrong by. */
export const mutated = (random: Random, bytes: Buffer): Buffer => {
  let out = Buffer.from(bytes);
  for (let left = 1 + random.below(3); left > 0 && out.length > 0; left--) {
    const at = random.below(out.length);
    const to = Math.min(out.length, at + 1 + random.below(16));
    const piece = out.subarray(at, to);
    switch (random.below(7)) {
      case 0:
        out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        out[at] = random.pick([0, 1, 0x7f, 0x80, 0xff]);
        break;
      case 2:
        out = Buffer.from(out.subarray(0, at));
        break;
      case 3:
        out = Buffer.concat([out.subarray(0, at), out.subarray(to)]);
        break;
      case 4:
        out = Buffer.concat([out.subarray(0, to), piece, out.subarray(to)]);
        break;
      case 5:
        out = Buffer.concat([out.subarray(0, at), Buffer.alloc(random.pick([1, 4, 10]), 0xff), out.subarray(at)]);
        break;
      case 6:
        out.fill(random.below(256), at, to);
        break;
    }
  }
  return out;
};

const odd: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, 2 ** 53, 0.5, '', 'NaN', 'FP32', '__proto__', [], {}, [[]], [null], [[[[1]]]]],
  ...[{ __proto__: null, inputs: [] }, 'x'.repeat(10_000), [2 ** 31, 2 ** 31], -0, '0', [1, 3], [0, 3]],
];

/** Puts something else at one place of a JSON value. */
export const mutatedJson = (random: Random, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || random.chance(0.15)) return random.pick(odd);
  const keys = Object.keys(value);
  const key = keys[random.below(keys.length)];
  if (key === undefined) return random.pick(odd);
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    copy[Number(key)] = mutatedJson(random, copy[Number(key)]);
    return random.chance(0.1) ? copy.slice(1) : copy;
  }
  const { [key]: inner, ...rest } = value as Record<string, unknown>;
  return random.chance(0.2) ? rest : { ...rest, [key]: mutatedJson(random, inner) };
};
