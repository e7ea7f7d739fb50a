import type { Aggregation } from '../aggregation.ts';
import type { Column } from './column.ts';
import { createCount } from './count.ts';
import { createDeviation } from './deviation.ts';
import { createDistinct } from './distinct.ts';
import { createEdge } from './edge.ts';
import { createExtreme } from './extreme.ts';
import { createSum } from './sum.ts';
import { createWeightedSum } from './weighted-sum.ts';

export const createColumn = <E>(aggregation: Aggregation<E>): Column<E> => {
  switch (aggregation.kind) {
    case 'count':
      return createCount(aggregation);
    case 'sum':
    case 'avg':
      return createSum(aggregation);
    case 'stddev':
      return createDeviation(aggregation);
    case 'min':
    case 'max':
      return createExtreme(aggregation);
    case 'distinct':
      return createDistinct(aggregation);
    case 'first':
    case 'last':
      return createEdge(aggregation);
    case 'weightedSum':
      return createWeightedSum(aggregation);
  }
};
