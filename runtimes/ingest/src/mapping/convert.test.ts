import { describe, expect, test } from 'vitest';
import { conversionOf, isAbsent, mappableFields, type TimeUnit } from './convert.ts';

const convert = (field: string, value: unknown, unit: TimeUnit = 'ms'): unknown =>
  conversionOf(field, unit)?.convert(value);

describe('a value', () => {
  test.each([
    { field: 'user.followers', value: '3032.0', is: 3032 },
    { field: 'user.followers', value: 12, is: 12 },
    { field: 'user.followers', value: 'many', is: undefined },
    { field: 'user.followers', value: ' ', is: undefined },
    { field: 'links', value: 'True', is: 1 },
    { field: 'links', value: false, is: 0 },
    { field: 'outcome.reposts', value: '498', is: 498 },
    { field: 'user.verified', value: 'False', is: false },
    { field: 'user.verified', value: '1', is: true },
    { field: 'user.verified', value: 'maybe', is: undefined },
    { field: 'post_id', value: 42, is: '42' },
    { field: 'post_id', value: 2 ** 60, is: undefined },
    { field: 'tags', value: '["solar","wind"]', is: ['solar', 'wind'] },
    { field: 'tags', value: 'solar, wind;sea', is: ['solar', 'wind', 'sea'] },
    { field: 'tags', value: '["solar', is: undefined },
    { field: 'attributes.pics', value: 3, is: 3 },
    { field: 'attributes.pics', value: {}, is: undefined },
  ])('$value as $field is $is', ({ field, value, is }) => {
    expect(convert(field, value)).toEqual(is);
  });

  test.each([
    { unit: 's', value: '1284967588', is: 1_284_967_588_000 },
    { unit: 's', value: '1251448461.0', is: 1_251_448_461_000 },
    { unit: 's', value: 1.0015, is: 1002 },
    { unit: 'ms', value: '1000', is: 1000 },
    { unit: 'us', value: '1725911162329308', is: 1_725_911_162_329 },
    { unit: 'iso', value: '2026-11-21T08:00:00Z', is: Date.UTC(2026, 10, 21, 8) },
    { unit: 'iso', value: '2009-12-15 04:03:45', is: Date.UTC(2009, 11, 15, 4, 3, 45) },
    { unit: 'iso', value: '2026-11-21T08:00:00+02:00', is: Date.UTC(2026, 10, 21, 6) },
    { unit: 'iso', value: '2026-11-21', is: Date.UTC(2026, 10, 21) },
    { unit: 'iso', value: '21.11.2026', is: undefined },
    { unit: 's', value: 'noon', is: undefined },
  ] as const)('$value in $unit is $is ms since the epoch', ({ unit, value, is }) => {
    expect(convert('at', value, unit)).toBe(is);
  });

  test.each([[''], [undefined], [null], [Number.NaN]])('%j is absent', (value) => {
    expect(isAbsent(value)).toBe(true);
  });

  test('goes to no field that an event does not have', () => {
    expect(
      ['ingested_at', 'source', 'user', 'attributes', 'attributes.a.b', 'likes'].map((f) => conversionOf(f, 's')),
    ).toEqual(Array(6).fill(undefined));
    expect(mappableFields).toContain('user.created_at');
  });
});
