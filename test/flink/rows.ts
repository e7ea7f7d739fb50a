import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJson, type WindowResult } from '@groundswell/wire';
import { readLines } from '../load/windows/events.ts';

/** A result as a text, equal for equal results. */
export const rowOf = ({ key, start, end, values }: WindowResult): string =>
  [...key, start, end, ...Object.entries(values ?? {}).map(([name, value]) => `${name}=${value}`)].join(' ');

/** Takes the rows that Flink wrote to a folder, one by one; it makes none for no rows. */
const readRows = (folder: string, take: (row: string) => void): void => {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    readLines(join(folder, name), Number.POSITIVE_INFINITY, (line) => take(rowOf(decodeJson(line) as WindowResult)));
};

/** The first rows of which Flink has less or more than we. */
export const differencesOf = (ours: ReadonlyMap<string, number>, folder: string) => {
  const rest = new Map(ours);
  const tooMany: string[] = [];
  readRows(folder, (row) => {
    const left = rest.get(row) ?? 0;
    if (left === 0) tooMany.push(row);
    else if (left === 1) rest.delete(row);
    else rest.set(row, left - 1);
  });
  return { lacking: [...rest.keys()].slice(0, 3), tooMany: tooMany.slice(0, 3) };
};
