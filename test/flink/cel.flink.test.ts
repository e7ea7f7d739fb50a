import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CelError, celToSql, compileCel, type Sql, type SqlColumns } from '@groundswell/cel';
import { createEventColumns, fileTables, sourceTableOf } from '@groundswell/flink';
import { eventEnvironment } from '@groundswell/graph';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runFlink } from '../servers/flink.ts';
import { event, expression } from './expressions.ts';

const [rowCount, expressionCount] = [300, 400];
const folder = mkdtempSync(join(tmpdir(), 'groundswell-cel-'));

const seed = Number(process.env['GROUNDSWELL_SEED'] ?? 7);

/** As JSON has it: no negative zero, and infinities as texts. */
const plain = (value: unknown): unknown => {
  if (typeof value !== 'number') return value ?? null;
  return Number.isFinite(value) ? value + 0 : String(value);
};

/** Nothing where a part has never a value, as in 1 / 0: that is refused. */
const sqlOf = (source: string, columns: SqlColumns): Sql | undefined => {
  try {
    return celToSql(source, { environment: eventEnvironment, columns });
  } catch (error) {
    if (error instanceof CelError && error.message.includes('it has no value')) return undefined;
    throw error;
  }
};

test('an expression gives the same value in Flink SQL as here, for random expressions and events', async () => {
  const events = fc.sample(event, { numRuns: rowCount, seed });
  const sources = [...new Set(fc.sample(expression, { numRuns: expressionCount, seed }))];
  const columns = createEventColumns();
  const compiled = sources.flatMap((source) => {
    const sql = sqlOf(source, columns);
    return sql === undefined ? [] : [{ source, sql, run: compileCel(source, eventEnvironment) }];
  });
  expect(compiled.length).toBeGreaterThan(expressionCount * 0.7);
  const input = join(folder, 'events.jsonl');
  writeFileSync(input, events.map((one, at) => `${JSON.stringify({ ...one, at })}\n`).join(''));
  const { options } = fileTables(input, folder).sink('values');
  const types = { text: 'STRING', truth: 'BOOLEAN' } as Readonly<Record<string, string>>;
  const declared = compiled.map(({ sql }, i) => `value_${i} ${types[sql.type] ?? 'DOUBLE'}`);
  const withOptions = Object.entries(options).map(([name, value]) => `'${name}' = '${value}'`);
  await runFlink(
    [
      [
        sourceTableOf({ columns, options: fileTables(input, folder).source(''), maxOutOfOrdernessMs: 0 }),
        `CREATE TEMPORARY TABLE sink (row_at BIGINT, ${declared.join(', ')}) WITH (${withOptions.join(', ')})`,
        `INSERT INTO sink SELECT \`at\`, ${compiled.map(({ sql }) => sql.sql).join(',\n')} FROM events`,
      ],
    ],
    { folder },
  );
  const rows = readdirSync(join(folder, 'values')).flatMap((name) =>
    readFileSync(join(folder, 'values', name), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  expect(rows.length).toBe(rowCount);
  const different: unknown[] = [];
  for (const row of rows) {
    const values = JSON.parse(row) as Readonly<Record<string, unknown>>;
    const one = events[Number(values['row_at'])];
    compiled.forEach(({ source, run }, i) => {
      const here = plain(run({ event: { ...one, at: values['row_at'] } }));
      const there = plain(values[`value_${i}`]);
      if (!Object.is(here, there)) different.push({ source, here, there, event: one });
    });
  }
  expect(different.slice(0, 5)).toEqual([]);
  rmSync(folder, { recursive: true });
});
