import type { Folding } from './folding.ts';
import type { Variable } from './pattern-steps.ts';

export interface PatternFolding extends Folding {
  /** Columns that the events need, each as `… AS name`. */
  columns(): readonly string[];
  /** What is measured of a match, each as `… AS name`. */
  measures(): readonly string[];
}

/** Larger and smaller than any value, as LEAST of something with NULL is NULL. */
const most = '1.7976931348623157E308';

/**
 * Aggregates over the events of a match that are part of it. SQL aggregates by variable there, so each is measured for
 * each variable, and put together outside.
 */
export const foldingOfMatches = (variables: readonly Variable[]): PatternFolding => {
  const columns = new Map<string, string>();
  const measures = new Map<string, string>();
  const nameIn = (known: Map<string, string>, prefix: string, sql: string): string => {
    const name = known.get(sql) ?? `${prefix}_${known.size}`;
    known.set(sql, name);
    return name;
  };
  const taking = variables.filter(({ takes }) => takes !== 'none');

  /** The function's value for each variable. */
  const measure = (how: 'COUNT' | 'SUM' | 'MIN' | 'MAX', value: string): readonly string[] => {
    const column = nameIn(columns, 'input', value);
    return taking.map(({ name, takes }) => {
      const sql = `${name}.${column}`;
      const taken = typeof takes === 'object' ? `CASE WHEN ${name}.${takes.where} THEN ${sql} END` : sql;
      return nameIn(measures, 'measure', `${how}(${taken})`);
    });
  };
  const sum = (parts: readonly string[]): string => `(${parts.map((part) => `COALESCE(${part}, 0)`).join(' + ')})`;
  const extreme = (how: 'MIN' | 'MAX', value: string): string => {
    const [choose, otherwise] = how === 'MIN' ? ['LEAST', most] : ['GREATEST', `-${most}`];
    const parts = measure(how, value).map((part) => `COALESCE(${part}, ${otherwise})`);
    return parts.length === 1 ? parts.join() : `${choose}(${parts.join(', ')})`;
  };
  return {
    columns: () => [...columns].map(([sql, name]) => `${sql} AS ${name}`),
    measures: () => [...measures].map(([sql, name]) => `${sql} AS ${name}`),
    count: (condition = 'TRUE') => sum(measure('COUNT', `CASE WHEN ${condition} THEN 1 END`)),
    fold: (how, value, condition) => {
      const wanted = condition === undefined ? value : `CASE WHEN ${condition} THEN ${value} END`;
      const count = sum(measure('COUNT', wanted));
      const whole = how === 'MIN' || how === 'MAX' ? extreme(how, wanted) : sum(measure('SUM', wanted));
      return `(CASE WHEN ${count} > 0 THEN ${how === 'AVG' ? `${whole} / ${count}` : whole} END)`;
    },
    distinct: () => {
      throw new Error('it cannot count different values in MATCH_RECOGNIZE, use count, or engine: Groundswell');
    },
  };
};
