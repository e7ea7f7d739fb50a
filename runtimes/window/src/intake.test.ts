import type { LogRecord } from '@groundswell/stores';
import { createWindower, totalOf } from '@groundswell/windowing';
import { encodeEvent } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { createIntake } from './intake.ts';
import { anEvent, aProgram } from './test/world.ts';
import { windowerOptionsOf } from './windower-options.ts';

const record = (offset: number): LogRecord => ({
  offset: BigInt(offset),
  key: undefined,
  value: encodeEvent(anEvent({ at: offset })),
  headers: {},
  timestamp: 0,
});
test('records that a log repeats count as duplicates', () => {
  const windower = createWindower(windowerOptionsOf(aProgram()));
  const nothing = { late: () => undefined, poison: () => undefined };
  const intake = createIntake(windower, { partition: 0, position: 2n }, nothing);
  for (const offsets of [[1, 2, 3], [0, 1], [2, 3, 4], [5]]) intake.take(offsets.map(record));
  expect(totalOf(windower.ledger())).toMatchObject({ in: 9, aggregated: 4, duplicate: 5 });
  expect(intake.position()).toBe(6n);
});
