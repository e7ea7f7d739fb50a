import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Misfit } from '../../mapping/misfit.ts';
import { leavesQuoteOpen, splitCsv } from './csv.ts';
import { createRecordSplitter, type Rec } from './records.ts';

/** The records of a text that comes in pieces cut at these places. */
const recordsOf = (text: string, cuts: readonly number[] = []): readonly Rec[] => {
  const splitter = createRecordSplitter(leavesQuoteOpen);
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  const pieces = places.slice(1).map((place, i) => text.slice(places[i], place));
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
};
const cellsOf = (text: string, cuts?: readonly number[]) =>
  recordsOf(text, cuts).map((record) => splitCsv(record.text));

const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', '7', '"'), maxLength: 6 });
const quote = (value: string): string => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const lineEnd = fc.constantFrom('\n', '\r\n');

describe('CSV', () => {
  test('is read as csv-parse reads it, however the file is cut into pieces', () => {
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(rows, lineEnd, fc.array(fc.nat(), { maxLength: 5 }), fc.boolean(), (table, end, cuts, isEnded) => {
        const text = table.map((row) => row.map(quote).join(',')).join(end) + (isEnded ? end : '');
        const expected = parse(text, { relax_column_count: true, skip_empty_lines: true, record_delimiter: end });
        expect(cellsOf(text, cuts)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('of any text is read as csv-parse reads it, where csv-parse takes it', () => {
    const garbage = fc
      .array(fc.constantFrom('a', 'b', '"', ',', '\n'), { maxLength: 20 })
      .map((units) => units.join(''));
    fc.assert(
      fc.property(garbage, fc.array(fc.nat(), { maxLength: 3 }), (text, cuts) => {
        let expected: unknown;
        try {
          expected = parse(text, { relax_column_count: true, skip_empty_lines: true, record_delimiter: '\n' });
        } catch {
          return;
        }
        expect(cellsOf(text, cuts)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('counts lines from 1 and names a record by its first one', () => {
    expect(recordsOf('a,b\n\n"1\n2",x\r\nlast,row').map(({ line, cut }) => [line, cut])).toEqual([
      [1, false],
      [3, false],
      [5, true],
    ]);
  });

  test.each([
    ['a,"b', 'a quote is opened and never closed'],
    ['a,b"c,d', 'a quote stands within a value that does not begin with one'],
    ['a,"b"c,d', 'something stands between a closing quote and the next comma'],
  ])('refuses %s and says why', (record, problem) => {
    expect(splitCsv(record)).toEqual(new Misfit(problem));
  });

  test('gives a stray quote its own line, and goes on behind it', () => {
    expect(cellsOf('a,b"c\n1,2\n')).toEqual([expect.any(Misfit), ['1', '2']]);
  });

  test('gives up on a quote that swallows a whole file', () => {
    const text = `a,"b\n${'1,2\n'.repeat(150_000)}`;
    const records = recordsOf(text);
    expect(records.length).toBeGreaterThan(1);
    expect(splitCsv(records[0]?.text ?? '')).toBeInstanceOf(Misfit);
  });
});
