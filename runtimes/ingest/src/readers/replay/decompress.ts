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
      return inflate(createGunzip, chunks);
    case 'zstd':
      return inflate(createZstdDecompress, chunks);
    case 'bzip2':
      return bunzip(chunks);
  }
};

const damaged = (cause: unknown): DamagedArchiveError =>
  new DamagedArchiveError(cause instanceof Error ? cause.message : String(cause), { cause });

const cutOff = 'unexpected end of file';

/**
 * Not `pipe`: an error there throws away what was decompressed before it and not yet read, how much being a matter of luck.
 * Where an archive ends within a chunk, the next one begins: Node does this for gzip, not for zstd.
 */
const inflate = async function* (
  create: () => Inflater,
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let stage: Stage | undefined = createStage(create());
  let isEmpty = true;
  try {
    for await (const chunk of chunks) {
      isEmpty = false;
      for (let rest = chunk; rest.length > 0; ) {
        stage ??= createStage(create());
        rest = rest.subarray(await stage.write(rest));
        yield* stage.take();
        if (stage.failure() !== undefined) throw damaged(stage.failure());
        if (stage.isDone()) stage = undefined;
      }
    }
    if (isEmpty) throw damaged(cutOff);
    await stage?.end();
    yield* stage?.take() ?? [];
    if (stage?.failure() !== undefined) throw damaged(stage.failure());
  } finally {
    stage?.close();
  }
};

type Inflater = Transform & { readonly bytesWritten: number };

/** One archive being decompressed. */
interface Stage {
  /** Resolves to how many of the bytes belong to the archive. */
  write(chunk: Uint8Array): Promise<number>;
  /** What came out since. */
  take(): Uint8Array[];
  end(): Promise<void>;
  failure(): unknown;
  /** The archive is complete, and what follows is another. */
  isDone(): boolean;
  close(): void;
}

const createStage = (stream: Inflater): Stage => {
  const out: Uint8Array[] = [];
  let failure: unknown;
  let isDone = false;
  // After an error and after the end of an archive, Node calls back no writer.
  let wake = (): void => undefined;
  stream.on('data', (chunk: Uint8Array) => out.push(chunk));
  stream.on('error', (error) => {
    failure ??= error;
    wake();
  });
  stream.on('end', () => {
    isDone = true;
    wake();
  });
  const until = (begin: (go: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      begin(resolve);
    });
  return {
    write: async (chunk) => {
      const before = stream.bytesWritten;
      await until((go) => stream.write(chunk, go));
      return isDone ? stream.bytesWritten - before : chunk.length;
    },
    take: () => out.splice(0),
    end: () => until(() => stream.end()),
    failure: () => failure,
    isDone: () => isDone,
    close: () => stream.destroy(),
  };
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
  if (isEmpty) throw damaged(cutOff);
  // Where the input ends within a block it trips over its own empty buffer.
  if (failure !== undefined) throw damaged(failure instanceof TypeError ? cutOff : failure);
};
