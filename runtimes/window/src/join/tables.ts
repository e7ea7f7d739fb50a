import { compileCel, compilePredicate, referencesOf } from '@groundswell/cel';
import { eventEnvironment, type Join, labelEnvironment, type WindowProgram } from '@groundswell/graph';
import type { Ports } from '@groundswell/stores';
import { createEventScanner, type SocialEvent } from '@groundswell/wire';
import { neededFields, neededRowFields } from '../needed-fields.ts';
import { createJoining, type JoinedBefore, type JoinedTable, type Joining } from './joining.ts';
import { createTableReader, type TableReader } from './table-reader.ts';
import type { TableSize, TableVersion } from './versioned-table.ts';

/** What is known of the table of a join, for metrics. */
export interface TableFacts extends TableSize {
  readonly join: string;
  readonly poisoned: number;
  /** Events that had a row, and that had none, since the start. */
  readonly found: number;
  readonly missing: number;
}

/** The tables of a window, as one worker has them. */
export interface Tables {
  /** For one partition; with what was decided for it, where it was saved. */
  joining(before: JoinedBefore | undefined): Joining;
  /** Takes in what the topics have; answers how many records that were. */
  read(maxWaitMs: number): Promise<number>;
  /** Whether all were read to the end that they had at the start: no event is taken before. */
  areReady(): boolean;
  /** All partitions go on from here: what nobody asks for any more may go. `watermark`: of those that are behind, event time in ms. */
  settle(watermark: number): void;
  /** Why no event is taken; undefined: there is room. */
  excess(): string | undefined;
  facts(): readonly TableFacts[];
  close(): Promise<void>;
}

/** Whoever takes a partition over finds the rows as its last owner had them for so long, wall time in ms. */
const keepMs = 600_000;

interface OpenTable {
  readonly join: Join;
  readonly reader: TableReader;
  readonly joined: JoinedTable;
  readonly counts: { found: number; missing: number };
  /** Versions that partitions have gone on from, with the wall time, and the event time behind which all were, ms. */
  past: readonly { readonly since: number; readonly version: TableVersion; readonly at: number }[];
}

/** undefined where the window joins none. @throws CelError */
export const createTables = (program: WindowProgram, ports: Ports): Tables | undefined => {
  const { joins = [], input, watermark, allowedLatenessMs } = program;
  if (joins.length === 0) return undefined;
  const open = joins.map((join) => openTable(program, join, ports));
  const isTaken = earlyConditionOf(input.where);
  const count = (name: string, found: boolean): void => {
    const counts = open.find(({ join }) => join.name === name)?.counts;
    if (counts !== undefined) counts[found ? 'found' : 'missing']++;
  };
  const areReady = (): boolean => open.every(({ reader }) => reader.isReady());
  return {
    joining: (before) => {
      for (const { join, reader } of open) reader.hold(before?.state.versions[join.name]);
      const eventOf = createEventScanner(neededFields(program));
      const tables = open.map(({ joined }) => joined);
      const { idleTimeoutMs } = watermark;
      return createJoining({ tables, eventOf, isTaken, idleTimeoutMs, areReady, count }, before);
    },
    read: async (maxWaitMs) => {
      let records = 0;
      for (const { reader } of open) records += await reader.read(reader.isReady() ? 0 : maxWaitMs);
      return records;
    },
    areReady,
    settle: (reached) => {
      if (!areReady()) return;
      const now = ports.clock.now();
      for (const table of open) forget(table, { now, keep: ports.alone !== true, at: reached - allowedLatenessMs });
    },
    excess: () => open.map(excessOf).find((excess) => excess !== undefined),
    facts: () =>
      open.map(({ join, reader, counts }) => ({
        join: join.name,
        ...reader.size(),
        poisoned: reader.poisoned(),
        ...counts,
      })),
    close: async () => {
      for (const { reader } of open) await reader.close();
    },
  };
};

const openTable = (program: WindowProgram, join: Join, ports: Ports): OpenTable => {
  const { name, whenMissing, waitMs, version: asked } = join;
  const reader = createTableReader(join, neededRowFields(program, name), ports);
  const keyOf = compileCel(join.key, eventEnvironment);
  const scope: { event: SocialEvent | undefined } = { event: undefined };
  const joined: JoinedTable = {
    ...{ name, whenMissing, waitMs },
    keyOf: (event) => {
      scope.event = event;
      return textOf(keyOf(scope));
    },
    find: (key, version, { at }) => reader.find(key, version, asked === 'AsOf' ? at : Infinity),
    version: reader.version,
  };
  return { join, reader, joined, counts: { found: 0, missing: 0 }, past: [] };
};

const textOf = (key: unknown): string | undefined => {
  if (typeof key === 'string') return key;
  return typeof key === 'number' || typeof key === 'boolean' ? String(key) : undefined;
};

/** A condition that looks at rows cannot be asked before there are any. */
const earlyConditionOf = (where: string | undefined): ((event: SocialEvent) => boolean) => {
  if (where === undefined || referencesOf(where).paths.some(({ path: [variable] }) => variable !== 'event'))
    return () => true;
  const holds = compilePredicate(where, labelEnvironment);
  return (event) => holds({ event });
};

const forget = (
  table: OpenTable,
  { now, keep, at }: { readonly now: number; readonly keep: boolean; readonly at: number },
): void => {
  const { reader, join } = table;
  const past = [...table.past, { since: now, version: reader.version(), at: join.version === 'AsOf' ? at : Infinity }];
  // More earlier rows than rows are not kept for somebody who may come.
  const tooMany = reader.size().earlier > join.maxRows;
  const due = past.findLastIndex(({ since }) => !keep || tooMany || now - since >= keepMs);
  table.past = past.slice(Math.max(0, due));
  const oldest = past[due];
  if (oldest !== undefined) reader.forget(oldest.version, oldest.at);
};

const excessOf = ({ join, reader }: OpenTable): string | undefined => {
  const { rows } = reader.size();
  if (rows <= join.maxRows) return undefined;
  return `Cannot take more events: the table "${join.topic.name}" has more than ${join.maxRows} rows, a higher joins.table.maxRows or fewer rows are needed`;
};
