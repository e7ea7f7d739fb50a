export { createEventColumns } from './columns.ts';
export { type FlinkSql, flinkSqlOf } from './flink-sql.ts';
export { fileTables, kafkaTables } from './kafka.ts';
export { sourceTableOf } from './source.ts';
export type { FlinkContext, FlinkStep, FlinkTables, FlinkWindow, Refusal } from './window.ts';
