import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { invalid, ProtocolError } from '../oip/status.ts';

const decompressors: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> =
  {
    gzip: promisify(gunzip),
    'x-gzip': promisify(gunzip),
    deflate: promisify(inflate),
  };

const tooLarge = (maxBytes: number): ProtocolError =>
  new ProtocolError(
    'TooLarge',
    `Cannot take the request: it is larger than ${maxBytes} bytes, smaller batches are needed`,
  );

/** The body of a request, decompressed. @throws ProtocolError TooLarge, UnsupportedEncoding, InvalidArgument */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<Buffer> => {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const body = await collect(request, maxBytes);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? body : decompress(body, encoding, maxBytes);
};

/** Undoes a compression by its name in HTTP or gRPC. */
export const decompress = async (body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> => {
  const decompressor = Object.hasOwn(decompressors, encoding) ? decompressors[encoding] : undefined;
  if (decompressor === undefined)
    throw new ProtocolError(
      'UnsupportedEncoding',
      `Cannot read the request: it is compressed by ${JSON.stringify(encoding)}, gzip, deflate or none is needed`,
    );
  try {
    return await decompressor(body, { maxOutputLength: Math.max(1, maxBytes) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw invalid(`Cannot read the request: it is not compressed by ${encoding} as it says`);
  }
};

/** By events: an async iterator costs more than the rest of a small request. */
const collect = (request: IncomingMessage, maxBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) reject(tooLarge(maxBytes));
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    const cut = (): void => reject(new ProtocolError('Cancelled', 'Cannot read the request: it ended early'));
    request.on('error', cut);
    request.on('aborted', cut);
  });
