import { z } from 'zod';
import { type OfflineStore, within } from './offline-store.ts';

export interface HbaseOptions {
  /** Of the REST server. */
  readonly url: string;
  readonly table: string;
  /** Column family; the qualifier is the name of the field. */
  readonly family: string;
}

/** Rows of one request, and bytes of its address: the server takes no addresses of 64 KiB. */
const mostRows = 1_000;
const mostBytes = 32_768;

const Rows = z.object({
  Row: z.array(z.object({ key: z.string(), Cell: z.array(z.object({ column: z.string(), $: z.string() })) })),
});

/** The server decodes a row key of a query twice. */
const rowOf = (key: string): string => `row=${encodeURIComponent(encodeURIComponent(key))}`;

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/** Some requests' worth of keys each. */
const chunksOf = (keys: readonly string[]): readonly (readonly string[])[] => {
  const chunks: string[][] = [];
  let bytes = 0;
  for (const key of keys) {
    const size = rowOf(key).length + 1;
    const chunk = chunks.at(-1);
    if (chunk === undefined || chunk.length >= mostRows || bytes + size > mostBytes) {
      chunks.push([key]);
      bytes = size;
    } else {
      chunk.push(key);
      bytes += size;
    }
  }
  return chunks;
};

/**
 * A table of HBase through its REST server, a row for each key. The server itself does the multiget; keys and values
 * travel in base64. Docs: docs/decisions/181-offline-stores.md.
 */
export const createHbaseOfflineStore = ({ url, table, family }: HbaseOptions): OfflineStore => {
  const base = `${url.replace(/\/$/, '')}/${encodeURIComponent(table)}/multiget`;

  const fetchRows = async (
    keys: readonly string[],
    fields: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> => {
    const columns = fields.map((field) => encodeURIComponent(`${family}:${field}`)).join(',');
    const rows = keys.map(rowOf).join('&');
    const answer = await fetch(`${base}/${columns}?${rows}`, { headers: { accept: 'application/json' }, signal });
    // None of the rows exists.
    if (answer.status === 404) return new Map();
    if (answer.status !== 200)
      throw new Error(`Cannot read the HBase table "${table}": its REST server answers ${answer.status}`);
    const { Row } = Rows.parse(await answer.json());
    return new Map(
      Row.map(({ key, Cell }) => [
        fromBase64(key),
        new Map(Cell.map(({ column, $ }) => [fromBase64(column), fromBase64($)])),
      ]),
    );
  };
  return {
    read: async (keys, fields, timeoutMs) => {
      if (keys.length === 0) return [];
      const signal = AbortSignal.timeout(Math.max(1, timeoutMs));
      const wanted = [...new Set(keys)];
      const parts = Promise.all(chunksOf(wanted).map((chunk) => fetchRows(chunk, fields, signal)));
      const found = new Map((await within(parts, timeoutMs)).flatMap((part) => [...part]));
      return keys.map((key) => fields.map((field) => found.get(key)?.get(`${family}:${field}`)));
    },
  };
};
