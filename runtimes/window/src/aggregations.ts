import { compileCel } from '@groundswell/cel';
import type { Aggregation as AggregationSpec, WindowProgram } from '@groundswell/graph';
import {
  type Aggregation,
  type Derive,
  type Measured,
  scalarOf,
  standsForOf,
  type Values,
} from '@groundswell/windowing';
import type { WindowEvent } from './join/window-event.ts';

export interface Compiler {
  condition(source: string): (event: WindowEvent) => boolean;
  value(source: string): (event: WindowEvent) => unknown;
}

/** What the windower keeps and computes. @throws CelError */
export const aggregationsOf = (program: WindowProgram, compiler: Compiler): readonly Aggregation<WindowEvent>[] => {
  const thinned = program.thinned === true ? { standsFor: ({ weight }: WindowEvent) => standsForOf(weight) } : {};
  return program.aggregations.map((spec) => {
    if (spec.kind === 'ratio' || spec.kind === 'expression')
      return { name: spec.name, kind: 'derived', derive: deriveOf(spec, namesOf(program)) };
    return { ...measuredOf(spec, compiler), ...thinned };
  });
};

type DerivedSpec = Extract<AggregationSpec, { kind: 'ratio' | 'expression' }>;
type MeasuredSpec = Exclude<AggregationSpec, DerivedSpec>;

export const namesOf = ({ aggregations }: WindowProgram): readonly string[] => aggregations.map(({ name }) => name);

/** @param names of all aggregations of the window, in order */
export const deriveOf = (spec: DerivedSpec, names: readonly string[]): Derive => {
  if (spec.kind === 'ratio') {
    const [over, under] = [names.indexOf(spec.numerator), names.indexOf(spec.denominator)];
    const whenZero = spec.whenZero ?? null;
    return (values) => {
      const [numerator, denominator] = [values[over], values[under]];
      if (typeof numerator !== 'number' || typeof denominator !== 'number') return null;
      return denominator === 0 ? whenZero : numerator / denominator;
    };
  }
  // Nothing to aggregate is a missing value, as in all expressions.
  const run = compileCel(spec.expression, { variables: names });
  const scope: Record<string, unknown> = {};
  return (values: Values) => {
    for (let i = 0; i < names.length; i++) scope[names[i]!] = values[i] ?? undefined;
    return scalarOf(run(scope)) ?? null;
  };
};

const measuredOf = (spec: MeasuredSpec, compiler: Compiler): Measured<WindowEvent> => {
  const { name, where } = spec;
  const shared = { name, ...(where !== undefined && { where: compiler.condition(where) }) };
  switch (spec.kind) {
    case 'count':
      return { ...shared, kind: spec.kind };
    case 'weightedSum':
      return { ...shared, kind: spec.kind, by: compiler.value(spec.by), weights: spec.weights };
    case 'distinct': {
      const { exactUpTo, error } = spec;
      const limits = { ...(exactUpTo !== undefined && { exactUpTo }), ...(error !== undefined && { error }) };
      return { ...shared, kind: spec.kind, of: compiler.value(spec.field), ...limits };
    }
    case 'topK': {
      const { size, error, by } = spec;
      const sums = by === undefined ? {} : { by: compiler.value(by) };
      return { ...shared, kind: spec.kind, of: compiler.value(spec.field), ...sums, size, error };
    }
    case 'lastN': {
      const { size, distinct } = spec;
      return { ...shared, kind: spec.kind, of: compiler.value(spec.field), size, distinct };
    }
    default:
      return { ...shared, kind: spec.kind, of: compiler.value(spec.field) };
  }
};
