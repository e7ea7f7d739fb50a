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
const batch = (partition: number, offsets: readonly number[]) => ({
  topic: 'demo.events',
  partition,
  records: offsets.map(record),
});

test('records that a log repeats count as duplicates, by partition', () => {
  const windower = createWindower(windowerOptionsOf(aProgram()));
  const intake = createIntake(windower, new Map([[0, 2n]]), { late: () => undefined, poison: () => undefined });
  intake.take([batch(0, [1, 2, 3]), batch(1, [0])]);
  intake.take([batch(0, [0, 1]), batch(0, [2, 3, 4]), batch(1, [1])]);
  expect(totalOf(windower.ledger())).toMatchObject({ in: 10, aggregated: 5, duplicate: 5 });
  expect(intake.positions()).toEqual(
    new Map([
      [0, 5n],
      [1, 2n],
    ]),
  );
});
