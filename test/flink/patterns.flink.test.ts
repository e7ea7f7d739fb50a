import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileTables, flinkSqlOf } from '@groundswell/flink';
import { eventEnvironment, type WindowProgram } from '@groundswell/graph';
import { topicsOf } from '@groundswell/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsFile } from '../load/windows/events.ts';
import { runFlink } from '../servers/flink.ts';
import { aWindow } from './a-window.ts';
import { ourRows } from './our-windows.ts';
import { differencesOf } from './rows.ts';

const patternCount = 16;
const seed = Number(process.env['GROUNDSWELL_SEED'] ?? 7);

type Shape = Extract<WindowProgram['shape'], { kind: 'pattern' }>;

/** Conditions that exclude one another, and others that many events match at once. */
const where = fc.constantFrom(
  "event.type == 'like'",
  "event.type == 'reply'",
  "event.type in ['like', 'repost', 'reply']",
  "event.type != 'view'",
  'event.attributes.amount > 60',
  'event.attributes.amount > 110 || event.attributes.nothing > 1',
);

const step = fc
  .record({
    where,
    min: fc.constantFrom(1, 1, 1, 2, 3),
    more: fc.constantFrom(0, 0, 1, 2),
    strict: fc.boolean(),
    absent: fc.constantFrom(false, false, false, true),
  })
  .map(({ min, more, ...rest }) => ({ ...rest, name: 's', min, max: min + more }));

const shape = fc
  .record({
    first: step,
    between: fc.array(step, { maxLength: 3 }),
    last: step,
    withinMs: fc.constantFrom(1500, 5000, 12_000),
    afterMatch: fc.constantFrom('SkipPastLast' as const, 'SkipToNext' as const),
  })
  .map(({ first, between, last, ...rest }): Shape => {
    const sequence = [{ ...first, absent: false }, ...between, { ...last, absent: false }];
    return { kind: 'pattern', sequence, ...rest };
  });

const aggregations: WindowProgram['aggregations'] = [
  { kind: 'count', name: 'events' },
  { kind: 'count', name: 'likes', where: "event.type == 'like'" },
  { kind: 'sum', name: 'amount', field: 'event.attributes.amount' },
  { kind: 'min', name: 'least', field: 'event.attributes.amount' },
  { kind: 'max', name: 'most', field: 'event.attributes.amount', where: "event.type != 'like'" },
  { kind: 'avg', name: 'mean', field: 'event.attributes.amount' },
  { kind: 'weightedSum', name: 'heat', by: 'event.type', weights: { like: 1, reply: 3 } },
  { kind: 'weightedSum', name: 'parts', by: 'event.type', weights: { like: 0.5, view: 0.125 } },
  { kind: 'ratio', name: 'share', numerator: 'likes', denominator: 'events' },
];

test('random patterns match the same events in Flink as here', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-patterns-'));
  const input = eventsFile(5_000, seed);
  const programs = fc
    .sample(shape, { numRuns: patternCount, seed })
    .map((one, i) => aWindow(`pattern-${i}`, { key: ['author_id'], shape: one, aggregations }));
  const scripts = programs.map((program) => {
    const { statements, refusals } = flinkSqlOf(program, {
      environment: eventEnvironment,
      tables: fileTables(input, folder),
    });
    expect(refusals).toEqual([]);
    return statements;
  });
  await runFlink(scripts, { folder });
  let matches = 0;
  for (const program of programs) {
    const ours = await ourRows(program, input);
    for (const times of ours.values()) matches += times;
    const differences = differencesOf(ours, join(folder, topicsOf('compared').results(program.window)));
    expect({ ...differences, shape: program.shape }).toEqual({ lacking: [], tooMany: [], shape: program.shape });
  }
  expect(matches).toBeGreaterThan(patternCount * 20);
  process.stdout.write(`${patternCount} patterns, seed ${seed}: ${matches} matches are equal\n`);
  rmSync(folder, { recursive: true });
});
