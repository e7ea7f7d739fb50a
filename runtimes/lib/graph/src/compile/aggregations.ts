import type { FeatureWindow } from '@groundswell/crds';
import { environmentWhere, joinedEnvironment } from '../environments.ts';
import type { Aggregation } from '../programs/index.ts';
import type { WindowReading } from './context.ts';
import { joinNames } from './joins.ts';

type Written = FeatureWindow['spec']['aggregations'][number];

const ofField = ['sum', 'min', 'max', 'avg', 'stddev', 'first', 'last'] as const;

export const compileAggregations = (reading: WindowReading): Aggregation[] =>
  reading.spec.aggregations.flatMap((aggregation, i) => compileAggregation(reading, aggregation, i) ?? []);

const compileAggregation = (reading: WindowReading, written: Written, i: number): Aggregation | undefined => {
  const { name, where, ratio, expression } = written;
  if (ratio !== undefined) return compileRatio(reading, { name, ratio }, i);
  if (expression !== undefined) {
    const environment = { variables: usableAt(reading, i).map((other) => other.name) };
    const source = reading.expression(['aggregations', i, 'expression'], expression, environment);
    return { name, kind: 'expression', expression: source };
  }
  const environment = environmentWhere(where, environmentWhere(reading.spec.input.where));
  const cel = (source: string, ...path: readonly string[]): string =>
    reading.expression(['aggregations', i, ...path], source, joinedEnvironment(joinNames(reading.spec), environment));
  return compileMeasured(written, { name, ...(where === undefined ? {} : { where: cel(where, 'where') }) }, cel);
};

type Shared = Pick<Written, 'name'> & { readonly where?: string };
type Check = (source: string, ...path: readonly string[]) => string;

const compileMeasured = (written: Written, shared: Shared, cel: Check): Aggregation | undefined => {
  const { count, distinct, topK, lastN, weightedSum } = written;
  if (count !== undefined) return { ...shared, kind: 'count' };
  if (weightedSum !== undefined) {
    const by = cel(weightedSum.by, 'weightedSum', 'by');
    return { ...shared, kind: 'weightedSum', by, weights: { ...weightedSum.weights } };
  }
  if (distinct !== undefined) {
    const { exactUpTo, error } = distinct;
    return { ...shared, kind: 'distinct', field: cel(distinct.field, 'distinct', 'field'), exactUpTo, error };
  }
  if (topK !== undefined) {
    const { by, size, error } = topK;
    const sums = by === undefined ? {} : { by: cel(by, 'topK', 'by') };
    return { ...shared, kind: 'topK', field: cel(topK.field, 'topK', 'field'), ...sums, size, error };
  }
  if (lastN !== undefined)
    return {
      ...shared,
      kind: 'lastN',
      field: cel(lastN.field, 'lastN', 'field'),
      size: lastN.size,
      distinct: lastN.distinct,
    };
  for (const kind of ofField) {
    const spec = written[kind];
    if (spec !== undefined) return { ...shared, kind, field: cel(spec.field, kind, 'field') };
  }
  return undefined;
};

const isDerived = ({ ratio, expression }: Written): boolean => ratio !== undefined || expression !== undefined;

/** Whether it gives a list, with which nothing can be reckoned. */
export const isList = ({ topK, lastN }: Written): boolean => topK !== undefined || lastN !== undefined;

/** What a derived value may use: everything of events, and derived values before it. */
const usableAt = ({ spec }: WindowReading, i: number): readonly Written[] =>
  spec.aggregations.filter((other, j) => j !== i && (j < i || !isDerived(other)));

const compileRatio = (
  reading: WindowReading,
  { name, ratio }: { readonly name: string; readonly ratio: NonNullable<Written['ratio']> },
  i: number,
): Aggregation => {
  const { numerator, denominator, whenZero } = ratio;
  for (const side of ['numerator', 'denominator'] as const) {
    const other = usableAt(reading, i).find((one) => one.name === ratio[side]);
    const cannot = `Cannot compute the ratio "${name}": "${ratio[side]}"`;
    const path = ['aggregations', i, 'ratio', side];
    if (other === undefined) reading.refuse(path, `${cannot} is computed after it, move that one before it`);
    else if (isList(other)) reading.refuse(path, `${cannot} is a list, a number is needed`);
  }
  return { name, kind: 'ratio', numerator, denominator, ...(whenZero === undefined ? {} : { whenZero }) };
};
