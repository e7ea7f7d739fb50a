import { celToSql, identifier, textLiteral } from '@groundswell/cel';
import type { Aggregate } from './aggregate.ts';
import { emitAggregates } from './aggregates.ts';
import { createEventColumns } from './columns.ts';
import { foldingOfGroups } from './folding.ts';
import { emitKey, type Key } from './keys.ts';
import { createPattern } from './pattern.ts';
import { createRefusals } from './refusals.ts';
import { refuseUnsayable } from './refused.ts';
import { optionsOf, sourceTableOf } from './source.ts';
import type { FlinkContext, FlinkWindow, Refusal, SinkTable } from './window.ts';
import { emitWindowQuery } from './windows.ts';

export interface FlinkSql {
  /** To be run in this order: settings, tables, a view, and one job that writes all sinks. */
  readonly statements: readonly string[];
  /** Nothing of the statements is to be used where there are any. */
  readonly refusals: readonly Refusal[];
}

/**
 * The window as Flink SQL, with the same results, row for row, but that it says nothing of keys that became empty.
 * docs/decisions/111 says what is equal and what is refused.
 */
export const flinkSqlOf = (window: FlinkWindow, { environment, tables }: FlinkContext): FlinkSql => {
  const refusals = createRefusals();
  const columns = createEventColumns();
  refuseUnsayable(window, refusals);
  const key = emitKey(window.key, columns, refusals);
  const { where } = window.input;
  const { maxOutOfOrdernessMs } = window.watermark;
  const condition =
    where === undefined
      ? undefined
      : refusals.attempt(['input', 'where'], () => celToSql(where, { environment, columns, wanted: 'truth' }).sql);
  const pattern =
    window.shape.kind === 'pattern' ? createPattern(window.shape, { columns, environment, refusals }) : undefined;
  const folding = pattern?.folding ?? foldingOfGroups;
  const aggregates = emitAggregates(window.aggregations, { columns, environment, refusals, folding });
  const results = pattern?.query(key, aggregates) ?? emitWindowQuery(window.shape, { key, aggregates, refusals });
  const sinks = window.sinks.flatMap(({ topic }) => (topic === undefined ? [] : [tables.sink(topic.name)]));
  // Flink cannot read again what it writes of a view with MATCH_RECOGNIZE.
  const from = pattern === undefined ? 'results' : `(\n${results}\n)`;
  const result = { window: window.window, key, aggregates, tag: window.tag?.name, from };
  const statements = [
    ...settingsOf(window),
    sourceTableOf({ columns, options: tables.source(window.input.topic.name), maxOutOfOrdernessMs }),
    emitView(key, { columns: pattern?.columns() ?? [], conditions: [condition, pattern?.condition] }),
    ...(pattern === undefined ? [`CREATE TEMPORARY VIEW results AS\n${results}`] : []),
    ...sinks.map((sink, i) => emitSink(`sink_${i}`, result, sink)),
    emitInserts(sinks, result),
  ];
  return { statements, refusals: refusals.found };
};

const settingsOf = ({ pipeline, window, watermark }: FlinkWindow): readonly string[] => {
  const settings: Readonly<Record<string, string>> = {
    'pipeline.name': `${pipeline}-${window}`,
    'execution.runtime-mode': 'streaming',
    'table.local-time-zone': 'UTC',
    // A watermark after each event, so that what is late does not depend on when Flink looks.
    'pipeline.auto-watermark-interval': '0 ms',
    'pipeline.object-reuse': 'true',
    ...(watermark.idleTimeoutMs !== undefined && { 'table.exec.source.idle-timeout': `${watermark.idleTimeoutMs} ms` }),
  };
  return Object.entries(settings).map(([name, value]) => `SET ${textLiteral(name)} = ${textLiteral(value)}`);
};

interface View {
  readonly columns: readonly string[];
  readonly conditions: readonly (string | undefined)[];
}

/** The events that are taken, with their key and what else is computed of each. */
const emitView = ({ selected, joins, conditions }: Key, view: View): string => {
  const all = [...view.conditions.filter((one) => one !== undefined), ...conditions];
  return [
    `CREATE TEMPORARY VIEW taken AS\nSELECT ${[...selected, 'e.*', ...view.columns].join(', ')}`,
    ['FROM events AS e', ...joins].join('\n'),
    ...(all.length === 0 ? [] : [`WHERE ${all.join('\n  AND ')}`]),
  ].join('\n');
};

/** Rows as `WindowResult` of @groundswell/wire writes them. */
const emitSink = (name: string, { aggregates, tag }: Result, { options, keyed }: SinkTable): string => {
  const values = aggregates.map((aggregate) => `${identifier(aggregate.name)} ${aggregate.type}`);
  const columns = [
    ...(keyed ? ['record_key STRING'] : []),
    '`window` STRING',
    '`key` ARRAY<STRING>',
    '`start` BIGINT',
    '`end` BIGINT',
    `\`values\` ROW<${values.join(', ')}>`,
    ...(tag === undefined ? [] : ['`tag` STRING']),
    ...(keyed ? ["record_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'"] : []),
  ];
  return `CREATE TEMPORARY TABLE ${name} (\n  ${columns.join(',\n  ')}\n) WITH (\n${optionsOf(options)}\n)`;
};

interface Result {
  readonly window: string;
  readonly key: Key;
  readonly aggregates: readonly Aggregate[];
  readonly tag: string | undefined;
  /** The view of results, or the query itself. */
  readonly from: string;
}

/** All sinks in one job, so that events are read once. */
const emitInserts = (sinks: readonly SinkTable[], { window, key, aggregates, tag, from }: Result): string => {
  // As the topic sink of @groundswell/window joins them.
  const escaped = key.names.map((name) => `REPLACE(REPLACE(${name}, '\\', '\\\\'), '|', '\\|')`);
  const recordKey = escaped.length === 0 ? "''" : escaped.join(" || '|' || ");
  // An empty list cannot be written.
  const keys = key.names.length === 0 ? "ARRAY_REMOVE(ARRAY[''], '')" : `ARRAY[${key.names.join(', ')}]`;
  const values = `ROW(${aggregates.map(({ result }) => result).join(', ')})`;
  const tags = tag === undefined ? [] : [textLiteral(tag)];
  const result = [textLiteral(window), keys, 'window_start_ms', 'window_end_ms', values, ...tags];
  const inserts = sinks.map(({ keyed }, i) => {
    const columns = keyed ? [recordKey, ...result, 'TO_TIMESTAMP_LTZ(window_end_ms, 3)'] : result;
    return `INSERT INTO sink_${i} SELECT ${columns.join(', ')} FROM ${from}`;
  });
  if (inserts.length === 1) return inserts[0] ?? '';
  return `EXECUTE STATEMENT SET BEGIN\n${inserts.map((insert) => `${insert};`).join('\n')}\nEND`;
};
