import { celToSql } from '@groundswell/cel';
import type { Aggregate } from './aggregate.ts';
import type { Expressions } from './aggregates.ts';
import { intervalOf } from './intervals.ts';
import type { Key } from './keys.ts';
import { foldingOfMatches, type PatternFolding } from './pattern-folding.ts';
import { stepColumn, type Variable, variablesOf } from './pattern-steps.ts';
import type { FlinkShape } from './window.ts';

export interface Pattern {
  readonly folding: PatternFolding;
  /** Columns that the view of taken events has besides those of the events. */
  readonly columns: () => readonly string[];
  /** Events that match no step change nothing where every step is relaxed. */
  readonly condition: string | undefined;
  /** A query whose rows are results, as of other windows. */
  readonly query: (key: Key, aggregates: readonly Aggregate[]) => string;
}

/** A sequence of events of one key as `MATCH_RECOGNIZE`. */
export const createPattern = (
  { sequence = [], withinMs = 0, afterMatch = '' }: FlinkShape,
  { columns, environment, refusals }: Omit<Expressions, 'folding'>,
): Pattern => {
  const steps = sequence.map(({ where }, i) => {
    const emit = () => celToSql(where, { environment, columns, wanted: 'truth' }).sql;
    const sql = refusals.attempt(['window', 'pattern', 'sequence', i, 'where'], emit);
    return `COALESCE(${sql ?? 'FALSE'}, FALSE)`;
  });
  const variables = variablesOf(sequence, refusals);
  const folding = foldingOfMatches(variables);
  const ignoresOthers = sequence.every(({ strict, max }, i) => !strict || (i === 0 && max === 1));
  return {
    folding,
    columns: () => [...steps.map((sql, i) => `${sql} AS ${stepColumn(i)}`), ...folding.columns()],
    condition: ignoresOthers ? `(${steps.join(' OR ')})` : undefined,
    query: (key, aggregates) => emitQuery({ variables, folding, withinMs, afterMatch }, key, aggregates),
  };
};

interface Parts {
  readonly variables: readonly Variable[];
  readonly folding: PatternFolding;
  readonly withinMs: number;
  readonly afterMatch: string;
}

const emitQuery = (
  { variables, folding, withinMs, afterMatch }: Parts,
  key: Key,
  aggregates: readonly Aggregate[],
): string => {
  const values = aggregates.flatMap(({ measured }) =>
    measured === undefined ? [] : [`${measured.sql} AS ${measured.column}`],
  );
  const [first, last] = [variables.at(0)?.name, variables.at(-1)?.name];
  const measures = [
    `FIRST(${first}.\`at\`) AS window_start_ms`,
    `LAST(${last}.\`at\`) + 1 AS window_end_ms`,
    ...folding.measures(),
  ];
  // A run tries one way only, so that skipping nothing is skipping to the next event.
  const skip = afterMatch === 'SkipPastLast' ? 'PAST LAST ROW' : 'TO NEXT ROW';
  return [
    `SELECT\n  ${[...key.names, 'window_start_ms', 'window_end_ms', ...values].join(',\n  ')}`,
    'FROM taken MATCH_RECOGNIZE (',
    ...(key.names.length === 0 ? [] : [`  PARTITION BY ${key.names.join(', ')}`]),
    '  ORDER BY ts',
    `  MEASURES\n    ${measures.join(',\n    ')}`,
    '  ONE ROW PER MATCH',
    `  AFTER MATCH SKIP ${skip}`,
    `  PATTERN (${variables.map(({ name, quantifier }) => `${name}${quantifier}`).join(' ')})`,
    `    WITHIN ${intervalOf(withinMs)}`,
    `  DEFINE\n    ${variables.map(({ name, condition }) => `${name} AS ${condition}`).join(',\n    ')}`,
    ')',
  ].join('\n');
};
