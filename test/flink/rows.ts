import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJson, type WindowResult } from '@groundswell/wire';
import { readLines } from '../load/windows/events.ts';

/** A result as a text, equal for equal results. */
export const rowOf = ({ key, start, end, values }: WindowResult): string =>
  [...key, start, end, ...Object.entries(values ?? {}).map(([name, value]) => `${name}=${value}`)].join(' ');

/** Takes the rows that Flink wrote to a folder, one by one. */
export const readRows = (folder: string, take: (row: string) => void): void => {
  for (const name of readdirSync(folder))
    readLines(join(folder, name), Number.POSITIVE_INFINITY, (line) => take(rowOf(decodeJson(line) as WindowResult)));
};
