import type { Call, Receiver } from '../http2/call.ts';
import { ProtocolError } from '../oip/status.ts';
import { prefixLength } from './grpc-frames.ts';

/** How often it is looked for requests that do not come to their end, ms. */
const lookEveryMs = 100;
/** A request that brings no deadline must have come whole by then, ms. */
const longestMs = 30_000;

interface Limits {
  readonly deadline: number | undefined;
  readonly maxBytes: number;
}

export interface Receiving {
  /** The whole body of a call. @throws ProtocolError Cancelled, TooLarge, DeadlineExceeded */
  whole(call: Call, limits: Limits): Promise<Buffer>;
  close(): void;
}

class Body implements Receiver {
  readonly deadline: number;
  readonly #maxBytes: number;
  readonly #end: (body: Body, result: Buffer | ProtocolError) => void;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(limits: Limits, end: (body: Body, result: Buffer | ProtocolError) => void) {
    this.deadline = limits.deadline ?? performance.now() + longestMs;
    this.#maxBytes = limits.maxBytes;
    this.#end = end;
  }

  data(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length <= this.#maxBytes + prefixLength) this.#chunks.push(chunk);
    else
      this.#end(
        this,
        new ProtocolError(
          'TooLarge',
          `Cannot take the request: it has more than ${this.#maxBytes} bytes, smaller batches are needed`,
        ),
      );
  }

  end(): void {
    this.#end(this, this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks));
  }

  cut(): void {
    this.#end(this, new ProtocolError('Cancelled', 'Cannot answer: the request was cancelled'));
  }

  giveUp(): void {
    this.#end(
      this,
      new ProtocolError(
        'DeadlineExceeded',
        'Cannot answer in time: the request did not come whole before its deadline',
      ),
    );
  }
}

/** Collects the bodies of calls. One timer looks at all of them: one for each would cost more than collecting it. */
export const createReceiving = (): Receiving => {
  const open = new Set<Body>();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const body of open) if (body.deadline < now) body.giveUp();
  }, lookEveryMs);
  timer.unref();
  return {
    whole: (call, limits) =>
      new Promise((resolve, reject) => {
        const body = new Body(limits, (ended, result) => {
          if (!open.delete(ended)) return;
          if (result instanceof ProtocolError) reject(result);
          else resolve(result);
        });
        open.add(body);
        call.receive(body);
      }),
    close: () => clearInterval(timer),
  };
};
