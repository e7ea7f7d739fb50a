import { celToSql, type Sql, type SqlColumns } from '@groundswell/cel';
import type { Aggregate } from './aggregate.ts';
import type { Refusals } from './refusals.ts';
import type { FlinkAggregation } from './window.ts';

/** A ratio or expression, of aggregates before it and measured ones after it. */
export const emitDerived = (
  { kind, name, numerator = '', denominator = '', whenZero, expression = '' }: FlinkAggregation,
  { known, path, refusals }: { known: readonly Aggregate[]; path: readonly (string | number)[]; refusals: Refusals },
): Aggregate | undefined => {
  const columns: SqlColumns = {
    read: ([variable]) => {
      const aggregate = known.find((one) => one.name === variable);
      return aggregate === undefined ? `"${variable}" has no column` : numeric(aggregate);
    },
  };
  if (kind === 'ratio') {
    const [over, under] = [numerator, denominator].map((side) => columns.read([side], 'number'));
    if (over === undefined || under === undefined || typeof over === 'string' || typeof under === 'string')
      return undefined;
    // Of nothing there is no ratio, also where it would be divided by 0.
    const zero = whenZero === undefined ? 'CAST(NULL AS DOUBLE)' : `CAST(${whenZero} AS DOUBLE)`;
    const result = `(CASE WHEN ${over.sql} IS NOT NULL AND ${under.sql} = 0E0 THEN ${zero} ELSE ${over.sql} / NULLIF(${under.sql}, 0E0) END)`;
    return { name, result, type: 'DOUBLE' };
  }
  const environment = { variables: known.map((one) => one.name) };
  const sql = refusals.attempt([...path, 'expression'], () => celToSql(expression, { environment, columns }));
  if (sql === undefined) return undefined;
  const types = { text: 'STRING', truth: 'BOOLEAN', number: 'DOUBLE', whole: 'DOUBLE' } as const;
  if (sql.type in types) return { name, result: sql.sql, type: types[sql.type as keyof typeof types] };
  refusals.refuse([...path, 'expression'], 'it gives a list or a map, a number, a text or a truth value is needed');
  return undefined;
};

const numeric = ({ result, type }: Aggregate): Sql => {
  if (type === 'STRING') return { sql: result, type: 'text' };
  if (type === 'BOOLEAN') return { sql: result, type: 'truth' };
  return type === 'BIGINT' ? { sql: `CAST(${result} AS DOUBLE)`, type: 'whole' } : { sql: result, type: 'number' };
};
