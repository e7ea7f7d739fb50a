import { celToSql, type SqlType, textLiteral } from '@groundswell/cel';
import type { Aggregate } from './aggregate.ts';
import type { EventColumns } from './columns.ts';
import { emitDerived } from './derived.ts';
import type { Folding } from './folding.ts';
import type { Refusals } from './refusals.ts';
import type { FlinkAggregation, FlinkContext } from './window.ts';

export interface Expressions {
  readonly columns: EventColumns;
  readonly environment: FlinkContext['environment'];
  readonly refusals: Refusals;
  readonly folding: Folding;
}

const why: Readonly<Record<string, string>> = {
  stddev:
    'STDDEV_POP loses digits where values are large beside their spread, use avg, min and max, or engine: Groundswell',
  first: 'FIRST_VALUE goes by arrival and not by event time, use min or max, or engine: Groundswell',
  last: 'LAST_VALUE goes by arrival and not by event time, use min or max, or engine: Groundswell',
};

const supported = 'count, sum, min, max, avg, distinct, weightedSum, ratio and expression are';

/** All aggregations, in order; those that SQL cannot say are refused and left out. */
export const emitAggregates = (
  aggregations: readonly FlinkAggregation[],
  expressions: Expressions,
): readonly Aggregate[] => {
  const isDerived = ({ kind }: FlinkAggregation): boolean => kind === 'ratio' || kind === 'expression';
  const found = aggregations.map((aggregation, i) =>
    isDerived(aggregation) ? undefined : emitMeasured(aggregation, i, expressions),
  );
  const { refusals } = expressions;
  aggregations.forEach((aggregation, i) => {
    const known = found.filter((one) => one !== undefined);
    if (isDerived(aggregation)) found[i] = emitDerived(aggregation, { known, path: ['aggregations', i], refusals });
  });
  return found.filter((one) => one !== undefined);
};

const emitMeasured = (aggregation: FlinkAggregation, i: number, expressions: Expressions): Aggregate | undefined => {
  const column = `value_${i}`;
  const emitted = emitAggregate(aggregation, ['aggregations', i], expressions);
  if (emitted === undefined) return undefined;
  const { sql, type } = emitted;
  return { name: aggregation.name, type, measured: { sql, column }, result: column };
};

const emitAggregate = (
  aggregation: FlinkAggregation,
  path: readonly (string | number)[],
  { columns, environment, refusals, folding }: Expressions,
): { readonly sql: string; readonly type: Aggregate['type'] } | undefined => {
  const { kind, where, field = '', by = '', weights = {} } = aggregation;
  const emit = (part: readonly string[], source: string, wanted?: SqlType) =>
    refusals.attempt([...path, ...part], () =>
      celToSql(source, { environment, columns, ...(wanted !== undefined && { wanted }) }),
    );
  const condition = where === undefined ? undefined : emit(['where'], where, 'truth')?.sql;
  const of = (type?: SqlType): string => emit([kind, 'field'], field, type)?.sql ?? 'NULL';
  switch (kind) {
    case 'count':
      return { sql: folding.count(condition), type: 'BIGINT' };
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
      return { sql: folding.fold(howOf[kind], of('number'), condition), type: 'DOUBLE' };
    case 'distinct': {
      const sql = refusals.attempt(path, () => folding.distinct(of(), condition));
      return sql === undefined ? undefined : { sql, type: 'BIGINT' };
    }
    case 'weightedSum': {
      const action = emit([kind, 'by'], by, 'text')?.sql ?? 'NULL';
      return { sql: weighted(action, weights, { folding, condition }), type: 'DOUBLE' };
    }
    default:
      refusals.refuse(path, why[kind] ?? `it has no equal of "${kind}", ${supported} there`);
      return undefined;
  }
};

const howOf = { sum: 'SUM', min: 'MIN', max: 'MAX', avg: 'AVG' } as const;

/**
 * Whole weights are summed as whole numbers, which is exact in any order. Others are counted by action and multiplied
 * once, in the order of the actions, as the windower does.
 */
const weighted = (
  action: string,
  weights: Readonly<Record<string, number>>,
  { folding, condition }: { readonly folding: Folding; readonly condition: string | undefined },
): string => {
  const sorted = Object.entries(weights).sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return '0E0';
  if (sorted.every(([, weight]) => Number.isSafeInteger(weight))) {
    const cases = sorted.map(([name, weight]) => `WHEN ${textLiteral(name)} THEN ${weight}`).join(' ');
    const sum = folding.fold('SUM', `CAST(CASE ${action} ${cases} ELSE 0 END AS BIGINT)`, condition);
    return `CAST(COALESCE(${sum}, 0) AS DOUBLE)`;
  }
  const besides = condition === undefined ? '' : ` AND ${condition}`;
  const terms = sorted.map(
    ([name, weight]) => `${folding.count(`${action} = ${textLiteral(name)}${besides}`)} * CAST(${weight} AS DOUBLE)`,
  );
  return `(${terms.join(' + ')})`;
};
