import { statSync } from 'node:fs';
import type { FileConfig } from '../../mapping/mapping.ts';
import { Misfit } from '../../mapping/misfit.ts';
import { SourceStalledError } from '../../source-reader.ts';
import { leavesQuoteOpen, splitCsv } from './csv.ts';
import { DamagedArchiveError, type FileBytes, readBytes } from './decompress.ts';
import { createRecordSplitter, LineTooLongError, type Rec } from './records.ts';

/** A file that is being read. */
export interface ReplayFile {
  readonly config: FileConfig;
  /** Names of the columns of a CSV file; undefined for JSON lines. */
  readonly header: readonly string[] | undefined;
  /**
   * The rows, some at a time, without the header. To be walked once.
   * @throws SourceStalledError where the file cannot be read on, after all rows before that
   */
  readonly records: AsyncGenerator<readonly Rec[]>;
  /** 0..1, by its bytes. */
  share(): number;
  close(): Promise<void>;
}

/** Opens a file and reads its header. @throws Error when it is not there, or is not what the configuration says */
export const openFile = async (config: FileConfig, path: string): Promise<ReplayFile> => {
  const bytes = sizeOf(config, path);
  const content = readBytes(path, config.compression);
  const batches = recordsOf(config, content);
  const share = () => (bytes === 0 ? 1 : Math.min(1, content.read() / bytes));
  const close = async () => void (await batches.return(undefined));
  if (config.format === 'jsonl') return { config, header: undefined, records: batches, share, close };

  const first = await firstBatch(config, batches);
  const [head, ...rest] = first;
  const header = headerOf(config, head);
  const records = async function* (): AsyncGenerator<readonly Rec[]> {
    if (rest.length > 0) yield rest;
    yield* batches;
  };
  return { config, header, records: records(), share, close };
};

const sizeOf = ({ path: shown }: FileConfig, path: string): number => {
  if (/^[a-z0-9+]+:\/\//.test(shown)) {
    throw new Error(`Cannot replay "${shown}": addresses are not supported yet, a file is needed`);
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`Cannot replay "${shown}": there is no file "${path}"`);
  if (!found.isFile()) throw new Error(`Cannot replay "${shown}": "${path}" is no file`);
  return found.size;
};

const firstBatch = async ({ path }: FileConfig, batches: AsyncGenerator<readonly Rec[]>): Promise<readonly Rec[]> => {
  for (;;) {
    const { done, value } = await batches.next();
    if (done === true) throw new Error(`Cannot replay "${path}": it is empty, a header with column names is needed`);
    if (value.length > 0) return value;
  }
};

const headerOf = ({ path }: FileConfig, head: Rec | undefined): readonly string[] => {
  const cells = splitCsv(head?.text ?? '');
  if (cells instanceof Misfit) throw new Error(`Cannot replay "${path}": its header does not parse, ${cells.problem}`);
  const names = cells.map((cell) => cell.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`Cannot replay "${path}": its header has the column "${twice}" twice`);
  return names;
};

const neverOpen = (): boolean => false;

const recordsOf = async function* (config: FileConfig, content: FileBytes): AsyncGenerator<readonly Rec[]> {
  const decoder = new TextDecoder();
  const splitter = createRecordSplitter(config.format === 'csv' ? leavesQuoteOpen : neverOpen);
  let lastLine = 0;
  try {
    for await (const chunk of content.chunks) {
      const records = splitter.push(decoder.decode(chunk, { stream: true }));
      lastLine = records.at(-1)?.line ?? lastLine;
      if (records.length > 0) yield records;
    }
  } catch (error) {
    throw stalledBy(config, lastLine, error);
  }
  const last = [...splitter.push(decoder.decode()), ...splitter.end()];
  if (last.length > 0) yield last;
};

const stalledBy = ({ path, compression }: FileConfig, line: number, error: unknown): unknown => {
  const beyond = `Cannot read "${path}" beyond line ${line}`;
  if (error instanceof DamagedArchiveError) {
    const message = `${beyond}: the ${compression} archive is damaged (${error.message}), a whole copy of the file is needed`;
    return new SourceStalledError('BadArchive', message, { cause: error });
  }
  if (error instanceof LineTooLongError) {
    return new SourceStalledError('BadFile', `${beyond}: ${error.message}, rows on lines of their own are needed`);
  }
  return error;
};
