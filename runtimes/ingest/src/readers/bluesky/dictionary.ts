import { zstdDecompressSync } from 'node:zlib';
import type { Handlers, Stream } from '../../connection/stream.ts';
import { openWebSocket } from '../../connection/web-socket.ts';
import type { World } from '../../source-reader.ts';

const timeoutMs = 10_000;
/** Of one message, unpacked: larger ones are no events. */
const mostBytes = 8_388_608;

interface Dictionary {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** Begins of every zstd dictionary that has an id (RFC 8878, section 5). */
const magic = 0xec30a437;

/** That of version 2 of the wire as the instance has it now. Old ones are retired, so none is kept. */
const fetchDictionary = async (instance: string): Promise<Dictionary> => {
  const url = new URL('network.bsky.jetstream.getZstdDictionary', instance);
  url.protocol = url.protocol.replace('ws', 'http');
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url.href} answers ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length < 8 || bytes.readUInt32LE(0) !== magic) throw new Error(`${url.href} gives no zstd dictionary`);
  return { id: bytes.readUInt32LE(4), bytes };
};

/** A WebSocket of which each message is one zstd frame. */
export const openPacked = (
  { instance, urlOf }: { readonly instance: string; readonly urlOf: () => URL },
  world: Pick<World, 'openSocket'>,
  handlers: Handlers,
): Stream => {
  let stream: Stream | undefined;
  let isClosed = false;
  const open = ({ id, bytes: dictionary }: Dictionary): void => {
    if (isClosed) return;
    const url = urlOf();
    url.searchParams.set('zstdDictionary', String(id));
    const decode = (bytes: Uint8Array): string =>
      zstdDecompressSync(bytes, { dictionary, maxOutputLength: mostBytes }).toString('utf8');
    stream = openWebSocket({ url: url.href, decode }, world, handlers);
  };
  const failed = (error: Error): void => {
    if (!isClosed) handlers.ended({ reason: 'failed', why: `has no dictionary: ${error.message}` });
  };
  fetchDictionary(instance).then(open, failed);
  return {
    close: () => {
      isClosed = true;
      stream?.close();
    },
  };
};
