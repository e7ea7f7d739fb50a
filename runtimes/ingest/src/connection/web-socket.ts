import type { World } from '../source-reader.ts';
import type { Handlers, Stream } from './stream.ts';

export interface WebSocketOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes the text of a binary message. Absent: only text is expected. */
  readonly decode?: (bytes: Uint8Array) => string;
}

/** A WebSocket as a stream of messages. */
export const openWebSocket = (
  { url, headers, decode }: WebSocketOptions,
  { openSocket }: Pick<World, 'openSocket'>,
  handlers: Handlers,
): Stream => {
  const socket = openSocket(url, headers);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => handlers.alive();
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') return handlers.message(data);
    if (decode === undefined) return handlers.ended({ reason: 'not_text', why: 'sent bytes instead of text' });
    try {
      handlers.message(decode(new Uint8Array(data as ArrayBuffer)));
    } catch (error) {
      handlers.ended({ reason: 'not_text', why: `sent bytes that do not unpack: ${(error as Error).message}` });
    }
  };
  socket.onerror = (error) =>
    handlers.ended({ reason: 'failed', why: `failed: ${error.message ?? 'no reason given'}` });
  socket.onclose = ({ code, reason }) =>
    handlers.ended({ reason: 'closed', why: `closed with code ${code} ${reason}`.trim() });
  return {
    close: () => {
      for (const handler of ['onopen', 'onmessage', 'onclose'] as const) socket[handler] = null;
      // Node reports the failure of a connection that is closed while it opens; nobody waits for it any more.
      socket.onerror = () => undefined;
      socket.close();
    },
  };
};
