import { textLiteral } from '@groundswell/cel';
import type { EventColumns } from './columns.ts';
import { intervalOf } from './intervals.ts';

/** Options of a table's connector. */
export const optionsOf = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([name, value]) => `  ${textLiteral(name)} = ${textLiteral(value)}`)
    .join(',\n');

export interface SourceTable {
  readonly columns: EventColumns;
  readonly options: Readonly<Record<string, string>>;
  readonly maxOutOfOrdernessMs: number;
}

/**
 * The table `events`, with the columns that were read so far. A row without `at` is taken for one of 1970, which is late,
 * as a row without event time would end the job.
 */
export const sourceTableOf = ({ columns, options, maxOutOfOrdernessMs }: SourceTable): string =>
  [
    'CREATE TEMPORARY TABLE events (',
    ...columns.declarations().map((declaration) => `  ${declaration},`),
    '  ts AS TO_TIMESTAMP_LTZ(COALESCE(`at`, 0), 3),',
    `  WATERMARK FOR ts AS ts - ${intervalOf(maxOutOfOrdernessMs)}`,
    `) WITH (\n${optionsOf(options)}\n)`,
  ].join('\n');
