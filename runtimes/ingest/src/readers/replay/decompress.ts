import { createReadStream } from 'node:fs';
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import unbzip2 from 'unbzip2-stream';

export type Compression = 'none' | 'gzip' | 'bzip2' | 'zstd';

/** A file whose compressed form is broken or cut short. What came before is good. */
export class DamagedArchiveError extends Error {
  override readonly name = 'DamagedArchiveError';
}

export interface FileBytes {
  readonly chunks: AsyncGenerator<Uint8Array>;
  /** Bytes of the file that were read, before decompression. */
  read(): number;
}

const readAtOnce = 256 * 1024;

/**
 * The content of a file, chunk by chunk.
 *
 * @throws DamagedArchiveError from the generator, after all that could be had of the file was given
 */
export const readBytes = (path: string, compression: Compression): FileBytes => {
  let read = 0;
  const raw = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path, { highWaterMark: readAtOnce }) as AsyncIterable<Uint8Array>) {
      read += chunk.length;
      yield chunk;
    }
  };
  return { chunks: decompress(raw(), compression), read: () => read };
};

const decompress = (chunks: AsyncGenerator<Uint8Array>, compression: Compression): AsyncGenerator<Uint8Array> => {
  switch (compression) {
    case 'none':
      return chunks;
    case 'gzip':
      return through(createGunzip(), chunks);
    case 'zstd':
      return through(createZstdDecompress(), chunks);
    case 'bzip2':
      return bunzip(chunks);
  }
};

const damaged = (cause: unknown): DamagedArchiveError =>
  new DamagedArchiveError(cause instanceof Error ? cause.message : String(cause), { cause });

/** Not `pipe`: an error there throws away what was decompressed before it and not yet read, how much being a matter of luck. */
const through = async function* (stream: Transform, chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = [];
  let failure: unknown;
  stream.on('data', (chunk: Uint8Array) => out.push(chunk));
  stream.on('error', (error) => {
    failure ??= error;
  });
  const write = (chunk: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      stream.write(chunk, () => resolve());
    });
  const end = (): Promise<void> =>
    new Promise((resolve) => {
      stream.once('close', resolve);
      stream.end();
    });
  try {
    for await (const chunk of chunks) {
      await write(chunk);
      yield* out.splice(0);
      if (failure !== undefined) break;
    }
    if (failure === undefined) await end();
    yield* out.splice(0);
  } finally {
    stream.destroy();
  }
  if (failure !== undefined) throw damaged(failure);
};

/** unbzip2-stream works within `write`; it checks the sums of blocks and streams, and takes several streams in a row. */
const bunzip = async function* (chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = unbzip2();
  const out: Uint8Array[] = [];
  let failure: Error | undefined;
  let isEmpty = true;
  stream.on('data', (chunk: Uint8Array) => out.push(chunk));
  stream.on('error', (error: Error) => {
    failure ??= error;
  });
  for await (const chunk of chunks) {
    isEmpty = false;
    stream.write(Buffer.from(chunk));
    yield* out.splice(0);
    if (failure !== undefined) break;
  }
  if (failure === undefined && !isEmpty) stream.end();
  yield* out.splice(0);
  if (isEmpty) throw damaged('unexpected end of file');
  // Where the input ends within a block it trips over its own empty buffer.
  if (failure !== undefined) throw damaged(failure instanceof TypeError ? 'unexpected end of file' : failure);
};
