import type { FeatureWindow } from '@groundswell/crds';
import { eventEnvironment } from '../environments.ts';
import type { Aggregation } from '../programs/index.ts';
import type { WindowReading } from './context.ts';

type Written = FeatureWindow['spec']['aggregations'][number];

const ofField = ['sum', 'min', 'max', 'avg', 'stddev', 'distinct', 'first', 'last'] as const;
const later = ['topK', 'lastN', 'ratio', 'expression'] as const;

export const compileAggregations = (reading: WindowReading): Aggregation[] =>
  reading.spec.aggregations.flatMap((aggregation, i) => compileAggregation(reading, aggregation, i) ?? []);

const compileAggregation = (reading: WindowReading, written: Written, i: number): Aggregation | undefined => {
  const { name, where, count, weightedSum } = written;
  const cel = (source: string, ...path: readonly string[]): string =>
    reading.expression(['aggregations', i, ...path], source, eventEnvironment);
  const shared = { name, ...(where === undefined ? {} : { where: cel(where, 'where') }) };
  if (count !== undefined) return { ...shared, kind: 'count' };
  if (weightedSum !== undefined)
    return {
      ...shared,
      kind: 'weightedSum',
      by: cel(weightedSum.by, 'weightedSum', 'by'),
      weights: { ...weightedSum.weights },
    };
  for (const kind of ofField) {
    const spec = written[kind];
    if (spec !== undefined) return { ...shared, kind, field: cel(spec.field, kind, 'field') };
  }
  for (const kind of later) if (written[kind] !== undefined) reading.notYet(['aggregations', i, kind]);
  return undefined;
};
