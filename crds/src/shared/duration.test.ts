import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, positiveDuration } from './duration.ts';

describe('a duration', () => {
  test.each([
    ['0s', 0],
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['72h', 259_200_000],
    ['72h0m0s', 259_200_000],
    ['3d', 259_200_000],
    ['1h2m3s4ms', 3_723_004],
  ])('of %s is %d ms', (written, ms) => {
    expect(duration().parse(written)).toBe(ms);
  });

  test.each(['', '5', '5 m', '-5m', '1.5h', '5min', '3d4h', 'm', '1s1m', '5M', '5m ', '99999999h'])(
    'is not what %j says',
    (written) => {
      expect(duration().safeParse(written).success).toBe(false);
    },
  );

  test('says what to write instead', () => {
    expect(() => duration().parse('5min')).toThrow('\\"5min\\" is no duration: write whole numbers with units');
  });

  test('is the sum of its parts', () => {
    const parts = fc.tuple(fc.nat(999_999), fc.nat(59), fc.nat(59), fc.nat(999));
    fc.assert(
      fc.property(parts, ([h, m, s, ms]) => {
        expect(duration().parse(`${h}h${m}m${s}s${ms}ms`)).toBe(((h * 60 + m) * 60 + s) * 1000 + ms);
      }),
    );
  });

  test('that must be positive is not zero, however it is written', () => {
    for (const written of ['0s', '0d', '0h0m', '000ms']) {
      expect(positiveDuration().safeParse(written).error?.issues).toMatchObject([
        { message: 'must be longer than 0s' },
      ]);
    }
  });
});
