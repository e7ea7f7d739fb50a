import type { Measured } from '../aggregation.ts';
import type { Column } from './column.ts';
import { createCount } from './count.ts';
import { createDeviation } from './deviation.ts';
import { createDistinct } from './distinct.ts';
import { createEdge } from './edge.ts';
import { createExtreme } from './extreme.ts';
import { createLastN } from './last-n.ts';
import { createSum } from './sum.ts';
import { createTopK } from './top-k.ts';
import { createWeightedSum } from './weighted-sum.ts';

export const createColumn = <E>(aggregation: Measured<E>): Column<E> => {
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
    case 'topK':
      return createTopK(aggregation);
    case 'lastN':
      return createLastN(aggregation);
    case 'weightedSum':
      return createWeightedSum(aggregation);
  }
};
