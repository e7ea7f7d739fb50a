import { join } from 'node:path';
import { fileTables, flinkSqlOf } from '@groundswell/flink';
import { eventEnvironment } from '@groundswell/graph';
import { topicsOf } from '@groundswell/wire';
import { ourRows } from '../../flink/our-windows.ts';
import { differencesOf } from '../../flink/rows.ts';
import { runFlink } from '../../servers/flink.ts';
import type { Query } from './queries.ts';

/** What a run in a process of its own took. */
export interface Cost {
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  /** The most that it had in memory. */
  readonly peakBytes: number;
}

type Source = Readonly<Record<string, string>>;

const statementsOf = (
  { name, program }: Query,
  tables: Parameters<typeof flinkSqlOf>[1]['tables'],
): readonly string[] => {
  const { statements, refusals } = flinkSqlOf(program, { environment: eventEnvironment, tables });
  if (refusals.length > 0) throw new Error(`Cannot time ${name}: Flink SQL lacks ${JSON.stringify(refusals)}`);
  return statements;
};

/** Holds the rows of Flink against ours, one by one; answers how many there are of each. @throws Error where they differ */
export const compareRows = async (
  inputs: readonly { readonly query: Query; readonly path: string }[],
  folder: string,
): Promise<readonly number[]> => {
  const scripts = inputs.map(({ query, path }) => statementsOf(query, fileTables(path, folder)));
  await runFlink(scripts, { folder });
  const counts: number[] = [];
  for (const { query, path } of inputs) {
    const ours = await ourRows(query.program, path);
    const written = join(folder, topicsOf(query.program.pipeline).results(query.program.window));
    const { lacking, tooMany } = differencesOf(ours, written);
    if (lacking.length + tooMany.length > 0)
      throw new Error(`Cannot time ${query.name}: Flink lacks ${lacking}, and has ${tooMany} that we have not`);
    counts.push([...ours.values()].reduce((sum, times) => sum + times, 0));
  }
  return counts;
};

/** Times as they are: to say them in milliseconds costs Flink some, and nobody would ask for that who wants speed. */
const raw = (statement: string): string =>
  statement
    .replaceAll(/\(EXTRACT\(EPOCH FROM (window_\w+)\).*\) AS/g, '$1 AS')
    .replaceAll(/`(start|end)` BIGINT/g, '`$1` TIMESTAMP(3)');

/**
 * What a query takes of Flink, from a table to nowhere, beyond what it takes with a few events: so neither the start of the
 * JVM counts nor that of a job. It runs with few events twice before, as the first one loads what all need.
 */
export const timeFlink = async (
  query: Query,
  { few, all, folder }: { readonly few: Source; readonly all: Source; readonly folder: string },
): Promise<Cost> => {
  const scriptOf = (source: Source): readonly string[] => {
    const sink = { keyed: false, options: { connector: 'blackhole' } };
    const statements = statementsOf(query, { source: () => source, sink: () => sink });
    return query.program.shape.kind === 'pattern' ? statements : statements.map(raw);
  };
  const { scripts, peakBytes } = await runFlink([few, few, all].map(scriptOf), { folder });
  const [, start, whole] = scripts;
  if (start === undefined || whole === undefined)
    throw new Error(`Cannot time ${query.name}: Flink did not say how long`);
  const tookMs = whole.tookMs - start.tookMs;
  return {
    // Where a machine is so busy that few events took longer than many, the clock says nothing.
    seconds: tookMs > 0 ? tookMs / 1_000 : Number.NaN,
    cpuSeconds: (whole.cpuMs - start.cpuMs) / 1_000,
    peakBytes,
  };
};
