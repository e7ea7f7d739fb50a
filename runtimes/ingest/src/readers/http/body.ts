import type { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ProblemError, readBody } from '@groundswell/http';

const tooLarge = (limit: number): ProblemError =>
  new ProblemError(413, `Cannot take events: the body has more than ${limit} bytes, send smaller batches`);

/** The body as it came, at most `limit` bytes of it. */
export const bytesOf = (request: Request, limit: number): Promise<Uint8Array> =>
  readBody(request, limit, () => tooLarge(limit));

const unpack = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip);

/** The text of a body, unpacked to at most `limit` bytes. */
export const textOf = async (bytes: Uint8Array, headers: Headers, limit: number): Promise<string> => {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new ProblemError(415, `Cannot unpack a body in "${encoding}": send it plain or as gzip`);
  const plain =
    encoding === 'gzip' ? await unpack(bytes, { maxOutputLength: limit }).catch(unpackFailed(limit)) : bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    throw new ProblemError(400, 'Cannot read the body: it is not UTF-8');
  }
};

const unpackFailed =
  (limit: number) =>
  (error: NodeJS.ErrnoException): never => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new ProblemError(400, `Cannot unpack the body: its gzip is damaged (${error.message}), send it whole`);
  };

/** What a body holds. */
export interface Batch {
  /** Values that should be events, or the text of a line that is no JSON. */
  readonly items: readonly (Item | { readonly kind: 'broken'; readonly text: string; readonly why: string })[];
  /** Beacons of a browser cannot set headers. */
  readonly apiKey: string | undefined;
}

interface Item {
  readonly kind: 'value';
  readonly value: unknown;
}

const item = (value: unknown): Item => ({ kind: 'value', value });

const isLines = (headers: Headers): boolean =>
  /^application\/(x-)?(ndjson|jsonl|json-lines)\b/i.test(headers.get('content-type') ?? '');

/** One event, a list of them, `{ events, api_key }`, or one a line. */
export const batchOf = (text: string, headers: Headers): Batch => {
  if (isLines(headers))
    return {
      items: text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(lineOf),
      apiKey: undefined,
    };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemError(
      400,
      `Cannot read the body: it is not JSON (${(error as Error).message}); send one event, a list, or NDJSON as application/x-ndjson`,
    );
  }
  if (Array.isArray(value)) return { items: value.map(item), apiKey: undefined };
  const { events, api_key: key } = (value ?? {}) as { readonly events?: unknown; readonly api_key?: unknown };
  const apiKey = typeof key === 'string' ? key : undefined;
  return { items: Array.isArray(events) ? events.map(item) : [item(value)], apiKey };
};

const lineOf = (text: string): Batch['items'][number] => {
  try {
    return item(JSON.parse(text));
  } catch (error) {
    return { kind: 'broken', text, why: `it is not JSON (${(error as Error).message})` };
  }
};
