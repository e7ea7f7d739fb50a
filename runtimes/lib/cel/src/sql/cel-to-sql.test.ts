import { describe, expect, test } from 'vitest';
import { CelError } from '../cel-error.ts';
import { celToSql } from './cel-to-sql.ts';
import { javaPattern } from './regex.ts';
import type { SqlColumns, SqlType } from './sql.ts';

const types: Readonly<Record<string, SqlType>> = { n: 'number', at: 'whole', text: 'text', ok: 'truth', tags: 'texts' };

/** Columns with their names; `any` takes the type that is wanted. */
const columns: SqlColumns = {
  read: ([, name = ''], wanted) =>
    name === 'any' ? { sql: 'any', type: wanted ?? 'any' } : { sql: name, type: types[name] ?? 'number' },
};
const sqlOf = (source: string): string => celToSql(source, { environment: { variables: ['event'] }, columns }).sql;
const refusalOf = (source: string): string => {
  try {
    return `it becomes ${sqlOf(source)}`;
  } catch (error) {
    if (error instanceof CelError) return error.message.slice(error.message.indexOf('column'));
    throw error;
  }
};

describe('an expression becomes SQL', () => {
  test.each([
    ['event.n > 3', '(n > 3E0)'],
    ["event.text in ['a', 'b'] && !event.ok", "((text IN ('a', 'b')) AND (NOT ok))"],
    ['event.ok ? 1 : event.n', '(CASE WHEN ok THEN 1E0 WHEN NOT ok THEN n END)'],
    ['event.n / 2', '(n / NULLIF(2E0, 0E0))'],
    ['event.at % 7', 'CAST(MOD(CAST(at AS BIGINT), CAST(NULLIF(7E0, 0E0) AS BIGINT)) AS DOUBLE)'],
    ["'x' in event.tags", "(CASE WHEN 'x' IS NOT NULL THEN ARRAY_CONTAINS(tags, 'x') END)"],
    ['event.any > 1', '(any > 1E0)'],
    ['duration("2m") * 2', '240000E0'],
    ['event.text + "it\'s"', "(text || 'it''s')"],
    ['has(event.text)', '(text IS NOT NULL)'],
  ])('%s', (source, sql) => {
    expect(sqlOf(source)).toBe(sql);
  });
});

describe('what SQL cannot say with the same meaning is refused:', () => {
  test.each([
    ['event.text < "b"', 'column 1: texts are ordered by UTF-16 units here and by bytes in Flink, numbers are needed'],
    [
      'event.text == 3',
      'column 15: the two sides are of different types, which are never equal, equal types are needed',
    ],
    ['event.n % 2', 'column 1: SQL has a remainder of whole numbers only, and these are not known to be'],
    [
      'event.tags.exists(t, t == "a")',
      'column 1: exists() has no equal in Flink SQL: SQL has no conditions on the elements of a list',
    ],
    [
      'exp(event.n)',
      'column 1: exp() has no equal in Flink SQL: its last digit may differ between Flink and Groundswell',
    ],
    ['event.any == event.any', 'column 7: its type is not known, double(…) or string(…) around it is needed'],
    ['string(event.n)', 'column 1: Flink writes fractions in another form, a whole number or a text is needed'],
    ['event.text.matches("(?i)a")', 'column 20: the pattern may mean something else in Java, which Flink uses'],
    ['1 / 0', 'column 1: it has no value, or one that SQL cannot write'],
    [
      'event.n + event.text',
      'column 17: the two sides are of different types, which are never equal, equal types are needed',
    ],
    ['event.ok && event.n', 'column 19: it is a number, a truth value is needed'],
  ])('%s', (source, why) => {
    expect(refusalOf(source)).toBe(why);
  });
});

test.each([
  ['a.b$', 'a[^\\n]b\\z'],
  ['^[a-z]+\\d{2,3}?(?:x|y)*', '^[a-z]+\\d{2,3}?(?:x|y)*'],
  ['\\s\\.', '[\\t\\n\\f\\r ]\\.'],
  ['(?P<n>a)', undefined],
  ['\\bword', undefined],
  ['[[:alpha:]]', undefined],
  ['[a&&b]', undefined],
  ['\\p{Greek}', undefined],
])('the pattern %s is %s in Java', (pattern, java) => {
  expect(javaPattern(pattern)).toBe(java);
});
