import { type ErrorCode, frameType } from './frames.ts';
import type { Lane, Outbox, Part } from './outbox.ts';
import type { RequestHeaders } from './request-headers.ts';

/** Who is told what comes in on a call. */
export interface Receiver {
  /** A view of bytes that arrived; it may be kept. */
  data(chunk: Buffer): void;
  end(): void;
  /** It ended before its end: given up by the client, or with its connection. */
  cut(): void;
}

/** A request and its answer. Whatever is said after its end is passed over. Blocks are those of `encodeHeaders`. */
export interface Call {
  readonly headers: RequestHeaders;
  /** Nobody waits for an answer any more: it was answered, given up, or cut. */
  isOver(): boolean;
  /** Whom to tell; what came before is told at once. */
  receive(receiver: Receiver): void;
  /** Says headers, data and trailers, and ends. */
  answer(head: Buffer, data: Buffer, trailers: Buffer): void;
  /** Says headers alone, and ends; what the request still brings is not wanted. */
  refuse(head: Buffer): void;
  /** Begins an answer in several parts. */
  begin(head: Buffer): void;
  write(data: Buffer): void;
  finish(trailers: Buffer): void;
  reset(code: ErrorCode): void;
}

const { headers: headersType, data: dataType } = frameType;

/** A call as its connection has it. */
export interface OpenCall extends Call {
  readonly lane: Lane;
  /** Of the request, bytes that may come before more is granted. */
  window: number;
  /** Bytes that its headers promise and have not come; NaN where they say nothing. */
  promised: number;
  /** The request came whole. */
  isWhole: boolean;
  /** The answer went to its end. */
  isSaid: boolean;
  data(chunk: Buffer): void;
  end(): void;
  cut(): void;
}

export interface CallOptions {
  readonly id: number;
  readonly headers: RequestHeaders;
  readonly window: number;
  readonly outbox: Outbox;
  /** Ends the stream with an error. */
  readonly reset: (id: number, code: ErrorCode) => void;
}

export const createCall = ({ id, headers, window, outbox, reset }: CallOptions): OpenCall => {
  const lane = outbox.open(id);
  let receiver: Receiver | undefined;
  let isAnswered = false;
  let isCut = false;
  const early: Buffer[] = [];

  const say = (...parts: readonly Part[]): void => {
    if (isAnswered || isCut) return;
    isAnswered = parts.at(-1)?.isLast === true;
    outbox.send(lane, parts);
  };
  const call: OpenCall = {
    headers,
    lane,
    window,
    promised: Number(headers['content-length']),
    isWhole: false,
    isSaid: false,
    isOver: () => isAnswered || isCut,
    receive: (who) => {
      receiver = who;
      for (const chunk of early.splice(0)) who.data(chunk);
      if (call.isWhole) who.end();
    },
    answer: (head, data, trailers) =>
      say(
        { type: headersType, bytes: head, isLast: false },
        { type: dataType, bytes: data, isLast: false },
        { type: headersType, bytes: trailers, isLast: true },
      ),
    refuse: (head) => say({ type: headersType, bytes: head, isLast: true }),
    begin: (head) => say({ type: headersType, bytes: head, isLast: false }),
    write: (data) => say({ type: dataType, bytes: data, isLast: false }),
    finish: (trailers) => say({ type: headersType, bytes: trailers, isLast: true }),
    reset: (code) => {
      if (!isCut) reset(id, code);
    },
    data: (chunk) => {
      if (receiver === undefined) early.push(chunk);
      else receiver.data(chunk);
    },
    end: () => {
      call.isWhole = true;
      receiver?.end();
    },
    cut: () => {
      if (isCut) return;
      isCut = true;
      outbox.drop(lane);
      receiver?.cut();
    },
  };
  return call;
};
