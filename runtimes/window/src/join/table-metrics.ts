import type { Metrics } from '@groundswell/process';
import type { TableFacts } from './tables.ts';

/** Metrics of a window that joins tables. All have the label `window`, those of a table also `join`. */
const tableMetrics = {
  window_table_rows: 'Rows of the tables that the window joins; label: join',
  window_table_earlier_rows:
    'Rows as they were before, kept for workers that take over and for joins by event time; label: join',
  window_table_bytes: 'Memory of the tables, estimated; label: join',
  window_table_poisoned_total: 'Records of tables that are no rows, and were left out; label: join',
  window_joins_total: 'Rows looked for; labels: join, and outcome: found, missing',
  window_waiting_records: 'Records that wait for a row, or behind one that does',
} as const;

interface Facts {
  readonly tables: readonly TableFacts[];
  /** Records that wait for rows. */
  readonly waiting: number;
}

/** Answers what tells them; of a window without tables nothing. */
export const createTableMetrics = (metrics: Metrics, window: string): ((facts: Facts) => void) => {
  const labels = ['window', 'join'];
  const gauge = (name: keyof typeof tableMetrics) => metrics.gauge(name, tableMetrics[name], labels);
  const [rows, earlier] = [gauge('window_table_rows'), gauge('window_table_earlier_rows')];
  const bytes = gauge('window_table_bytes');
  const poisoned = metrics.counter('window_table_poisoned_total', tableMetrics.window_table_poisoned_total, labels);
  const joins = metrics.counter('window_joins_total', tableMetrics.window_joins_total, [...labels, 'outcome']);
  const waiting = metrics.gauge('window_waiting_records', tableMetrics.window_waiting_records, ['window']);
  const told = new Map<string, TableFacts>();

  return (facts) => {
    for (const table of facts.tables) {
      const { join } = table;
      const before = told.get(join);
      rows.set({ window, join }, table.rows);
      earlier.set({ window, join }, table.earlier);
      bytes.set({ window, join }, table.bytes);
      poisoned.inc({ window, join }, table.poisoned - (before?.poisoned ?? 0));
      for (const outcome of ['found', 'missing'] as const)
        joins.inc({ window, join, outcome }, table[outcome] - (before?.[outcome] ?? 0));
      told.set(join, table);
    }
    if (facts.tables.length > 0) waiting.set({ window }, facts.waiting);
  };
};
