import {
  asksForHistory,
  columnsRead,
  compileMapping,
  type FileConfig,
  type Mapping,
  missingColumns,
} from '../../mapping/mapping.ts';
import { openFile, type ReplayFile } from './file.ts';
import { csvRows, jsonRow, type ReadRow } from './rows.ts';

/** A file that is being read, with what makes events of its records. */
export interface MappedFile extends ReplayFile {
  readonly path: string;
  readonly readRow: ReadRow;
  readonly mapping: Mapping;
  readonly asksForHistory: boolean;
}

/**
 * Opens all files and fits their mappings to their headers.
 *
 * @throws Error for files that are not there, expressions that do not compile, and columns that are not in the header
 */
export const openFiles = async (
  configs: readonly FileConfig[],
  resolvePath: (path: string) => string,
): Promise<readonly MappedFile[]> => {
  const mappings = configs.map(compileMapping);
  const files: ReplayFile[] = [];
  for (const config of configs) files.push(await openFile(config, resolvePath(config.path)));
  const rootsColumns = columnsOfAll(files);
  return files.map((file, i) => {
    if (file.header !== undefined) refuseMissing(file.config, 'row', file.header);
    if (rootsColumns !== undefined) refuseMissing(file.config, 'root', rootsColumns);
    return {
      ...file,
      path: file.config.path,
      readRow: file.header === undefined ? jsonRow : csvRows(file.header, neededOf(file.config, configs)),
      mapping: mappings[i] as Mapping,
      asksForHistory: asksForHistory(file.config),
    };
  });
};

/** Any file can hold the root of a post. undefined where one of them has no header. */
const columnsOfAll = (files: readonly ReplayFile[]): readonly string[] | undefined =>
  files.some(({ header }) => header === undefined)
    ? undefined
    : [...new Set(files.flatMap(({ header }) => header ?? []))];

const refuseMissing = (config: FileConfig, variable: 'row' | 'root', columns: readonly string[]): void => {
  const missing = missingColumns(config, variable, new Set(columns));
  const [one] = missing;
  if (one === undefined) return;
  const list = missing.map(({ field, column }) => `${field} reads ${variable}.${column}`).join(', ');
  throw new Error(
    `Cannot map "${config.path}": ${list}, but the file has no such column; its columns are ${columns.join(', ')}`,
  );
};

/** What of a row is worth keeping: what its own expressions read, and what those of other files may read of it as a root. */
const neededOf = (config: FileConfig, all: readonly FileConfig[]): ReadonlySet<string> | undefined => {
  const sets = [columnsRead(config, 'row'), ...all.map((other) => columnsRead(other, 'root'))];
  if (sets.some((set) => set === undefined)) return undefined;
  return new Set(sets.flatMap((set) => [...(set ?? [])]));
};
