import type { LogRecord } from '@groundswell/stores';
import { createWindower, totalOf } from '@groundswell/windowing';
import { createEventScanner, encodeEvent, eventOf } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { createIntake } from './intake.ts';
import { neededFields } from './needed-fields.ts';
import { anEvent, aProgram } from './test/world.ts';
import { windowerOptionsOf } from './windower-options.ts';

const record = (offset: number): LogRecord => ({
  offset: BigInt(offset),
  key: undefined,
  value: encodeEvent(anEvent({ at: offset })),
  headers: {},
  timestamp: 0,
});

const nothing = { late: () => undefined, poison: () => undefined };

test('records that a log repeats count as duplicates', () => {
  const windower = createWindower(windowerOptionsOf(aProgram()));
  const intake = createIntake(windower, { partition: 0, position: 2n, eventOf }, nothing);
  for (const offsets of [[1, 2, 3], [0, 1], [2, 3, 4], [5]]) intake.take(offsets.map(record));
  expect(totalOf(windower.ledger())).toMatchObject({ in: 9, aggregated: 4, duplicate: 5 });
  expect(intake.position()).toBe(6n);
});

test('an event in bytes counts as one that was handed over, whatever is read of it', () => {
  const program = aProgram({
    input: { topic: { name: 't' }, where: "event.text.contains('\"') || event.user.verified" },
    key: ['tags', 'attributes.city', 'lang'],
    shape: { kind: 'tumble', sizeMs: 10 },
    sinks: [{ kind: 'topic', topic: { name: 'results' } }],
    aggregations: [
      { kind: 'sum', name: 'amount', field: 'event.attributes.amount * event.links' },
      { kind: 'distinct', name: 'kinds', field: 'event.type', where: 'size(event.attributes) > 1' },
      { kind: 'weightedSum', name: 'heat', by: "event['source']", weights: { test: 2 } },
      { kind: 'lastN', name: 'last', field: 'event.user.name', size: 2, distinct: false },
      { kind: 'ratio', name: 'each', numerator: 'amount', denominator: 'kinds' },
    ],
  });
  const events = Array.from({ length: 60 }, (_, i) =>
    anEvent({
      at: i,
      text: i % 3 === 0 ? 'says "no"\n😀' : 'nothing',
      lang: ['en', 'é'][i % 2] ?? '',
      user: { verified: i % 4 === 0, name: `n${i}` },
      ...(i % 5 > 0 && { tags: ['a', 'b'].slice(i % 2), links: i, attributes: { city: 'x', amount: i / 8 } }),
    }),
  );
  const resultsOf = (recordOf: (event: (typeof events)[number]) => Partial<LogRecord>) => {
    const windower = createWindower(windowerOptionsOf(program));
    const eventOf = createEventScanner(neededFields(program));
    const intake = createIntake(windower, { partition: 0, position: 0n, eventOf }, nothing);
    const records = events.map((event, i) => ({ ...record(i), ...recordOf(event) }));
    intake.take(records);
    windower.advance(0, 1000);
    return windower.fire().map(({ key, end, values }) => ({ key, end, values }));
  };
  const handed = resultsOf((event) => ({ content: event }));
  expect(handed.length).toBeGreaterThan(10);
  // A copy, as what was encoded in this process is remembered.
  expect(resultsOf((event) => ({ value: Uint8Array.from(encodeEvent(event)) }))).toEqual(handed);
});
