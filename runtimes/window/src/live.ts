import type { WindowProgram } from '@groundswell/graph';
import type { Weights } from '@groundswell/windowing';

/** Aggregation → its new weights; undefined where more than weights differs, which needs a restart. */
export const liveChange = (from: WindowProgram, to: WindowProgram): ReadonlyMap<string, Weights> | undefined => {
  if (fixedPart(from) !== fixedPart(to)) return undefined;
  const before = weightsOf(from);
  return new Map(
    [...weightsOf(to)].filter(([name, weights]) => JSON.stringify(weights) !== JSON.stringify(before.get(name))),
  );
};

const fixedPart = (program: WindowProgram): string =>
  JSON.stringify({
    ...program,
    revision: '',
    aggregations: program.aggregations.map((aggregation) => ({ ...aggregation, weights: null })),
  });

const weightsOf = ({ aggregations }: WindowProgram): ReadonlyMap<string, Weights> =>
  new Map(
    aggregations.flatMap((aggregation) =>
      aggregation.kind === 'weightedSum' ? [[aggregation.name, aggregation.weights] as const] : [],
    ),
  );
