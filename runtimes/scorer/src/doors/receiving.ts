import type { ServerHttp2Stream } from 'node:http2';
import { ProtocolError } from '../oip/status.ts';

/** How often it is looked for requests that do not come to their end, ms. */
const lookEveryMs = 100;
/** A request that brings no deadline must have come whole by then, ms. */
const longestMs = 30_000;

export interface Receiving {
  /** The whole body of a call. @throws ProtocolError Cancelled, TooLarge, DeadlineExceeded */
  whole(
    stream: ServerHttp2Stream,
    limits: { readonly deadline: number | undefined; readonly maxBytes: number },
  ): Promise<Buffer>;
  close(): void;
}

interface Open {
  readonly deadline: number;
  readonly giveUp: (error: ProtocolError) => void;
}

/** Collects the bodies of calls. One timer looks at all of them: one for each would cost more than collecting it. */
export const createReceiving = (): Receiving => {
  const open = new Set<Open>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const { deadline, giveUp } of open)
      if (deadline < now)
        giveUp(
          new ProtocolError(
            'DeadlineExceeded',
            'Cannot answer in time: the request did not come whole before its deadline',
          ),
        );
  }, lookEveryMs);
  timer.unref();
  return {
    whole: (stream, { deadline, maxBytes }) =>
      new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        let length = 0;
        const entry: Open = {
          deadline: deadline ?? performance.now() + longestMs,
          giveUp: (error) => end(() => reject(error)),
        };
        const end = (say: () => void): void => {
          open.delete(entry);
          say();
        };
        open.add(entry);
        stream.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length <= maxBytes + 5) chunks.push(chunk);
          else
            entry.giveUp(
              new ProtocolError(
                'TooLarge',
                `Cannot take the request: it has more than ${maxBytes} bytes, smaller batches are needed`,
              ),
            );
        });
        stream.on('end', () => end(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))));
        stream.on('close', () => {
          // Every call ends so; an error is made, with its stack, for those alone that end early.
          if (open.has(entry)) entry.giveUp(new ProtocolError('Cancelled', 'Cannot answer: the request was cancelled'));
        });
      }),
    close: () => clearInterval(timer),
  };
};
