import type { Aggregation, WindowProgram } from '@groundswell/graph';
import type { Windower } from '@groundswell/windowing';
import { deriveOf, namesOf } from './aggregations.ts';

/** Puts a change in force on a running windower. How much sinks keep, and for how long, is for new sinks to know. */
export type LiveChange = (windower: Windower<never>) => void;

/** What changes while it runs; undefined where more than that differs, which needs a restart. @throws CelError */
export const liveChange = (from: WindowProgram, to: WindowProgram): LiveChange | undefined => {
  if (fixedPart(from) !== fixedPart(to)) return undefined;
  const changed = to.aggregations.filter(
    (aggregation, i) => JSON.stringify(aggregation) !== JSON.stringify(from.aggregations[i]),
  );
  const { shape, head } = to;
  const changes = changed.map((aggregation) => changeOf(aggregation, namesOf(to)));
  if (head !== from.head) changes.push((windower) => windower.setHead(head));
  if (shape.kind === 'decay') changes.push((windower) => windower.forgetBelow(shape.forgetBelow));
  return (windower) => {
    for (const change of changes) change(windower);
  };
};

const changeOf = (aggregation: Aggregation, names: readonly string[]): LiveChange => {
  const { name } = aggregation;
  switch (aggregation.kind) {
    case 'ratio':
    case 'expression': {
      const derive = deriveOf(aggregation, names);
      return (windower) => windower.redefine(name, derive);
    }
    case 'weightedSum':
      return (windower) => windower.reweigh(name, aggregation.weights);
    default:
      return () => undefined;
  }
};

/** All that needs a restart. */
const fixedPart = (program: WindowProgram): string =>
  JSON.stringify({
    ...program,
    revision: '',
    saveEveryMs: null,
    update: null,
    head: null,
    limits: program.limits?.maxBytes,
    shape: { ...program.shape, forgetBelow: null },
    aggregations: program.aggregations.map(fixedPartOf),
    sinks: program.sinks.map((sink) => ({ ...sink, ttlMs: null, keep: null })),
    tag: program.tag?.name,
  });

const fixedPartOf = (aggregation: Aggregation): unknown => {
  if (aggregation.kind === 'ratio' || aggregation.kind === 'expression') return { name: aggregation.name };
  return { ...aggregation, weights: null };
};
