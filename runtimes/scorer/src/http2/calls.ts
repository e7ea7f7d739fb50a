import { type Call, createCall, type OpenCall } from './call.ts';
import {
  ConnectionError,
  type ErrorCode,
  errorCode,
  type Frame,
  flag,
  frameOf,
  frameType,
  StreamError,
  words,
} from './frames.ts';
import { createHeaderBlocks, type HeaderBlock, type HeaderBlocks, withoutPadding } from './header-blocks.ts';
import type { Lane, Outbox } from './outbox.ts';
import { checkTrailers } from './request-headers.ts';
import { createResetBudget } from './reset-budget.ts';

export interface CallLimits {
  /** Calls under way at once; more are refused unread. */
  readonly maxCalls: number;
  /** Bytes that a client may send ahead on one call, and on its connection. */
  readonly callWindow: number;
  readonly connectionWindow: number;
  /** Bytes of the headers of a call, as HPACK counts them. */
  readonly maxHeaders: number;
}

/** The calls of a connection. What takes frames throws ConnectionError or StreamError. */
export interface Calls {
  readonly blocks: HeaderBlocks;
  headers(frame: Frame): void;
  data(frame: Frame): void;
  /** The client takes more of an answer. */
  grant(stream: number, bytes: number): void;
  /** The client gives a call up. */
  giveUp(stream: number): void;
  /** Ends a call with an error. */
  reset(stream: number, code: ErrorCode): void;
  /** That an answer was said to its end. */
  answered(stream: number): void;
  lanes(): Iterable<Lane>;
  lastStream(): number;
  count(): number;
  /** Takes no more. */
  close(): void;
  /** All are cut off. */
  cut(): void;
}

export interface CallsOptions {
  readonly limits: CallLimits;
  readonly outbox: Outbox;
  readonly onCall: (call: Call) => void;
  /** There is one less. */
  readonly onForgotten: () => void;
}

/** Streams that were ended here, of which frames may still be under way. */
const remembered = 256;

export const createCalls = ({ limits, outbox, onCall, onForgotten }: CallsOptions): Calls => {
  const blocks = createHeaderBlocks(limits.maxHeaders);
  const mayGiveUp = createResetBudget();
  const calls = new Map<number, OpenCall>();
  const ended = new Set<number>();
  let last = 0;
  let received = 0;
  let isClosed = false;

  const forget = (stream: number): void => {
    if (calls.delete(stream)) onForgotten();
  };
  const reset = (stream: number, code: ErrorCode): void => {
    ended.add(stream);
    if (ended.size > remembered) ended.delete(ended.values().next().value ?? 0);
    outbox.tell(frameOf({ type: frameType.reset, flags: 0, stream }, words(code)));
    calls.get(stream)?.cut();
    forget(stream);
  };
  const notIdle = (stream: number): void => {
    if (stream === 0 || stream > last)
      throw new ConnectionError(errorCode.protocol, `a frame is about stream ${stream}, which there is not`);
  };
  const end = (call: OpenCall): void => {
    if (call.promised > 0) throw new StreamError(call.lane.id, errorCode.protocol);
    call.end();
    if (call.isSaid) forget(call.lane.id);
  };
  const begin = (block: HeaderBlock): void => {
    last = block.stream;
    const headers = blocks.requestOf(block);
    if (isClosed || calls.size >= limits.maxCalls) throw new StreamError(last, errorCode.refusedStream);
    const call = createCall({ id: last, headers, window: limits.callWindow, outbox, reset });
    calls.set(last, call);
    if (block.isLast) end(call);
    onCall(call);
  };
  const goOn = ({ stream, bytes, isLast }: HeaderBlock): void => {
    const fields = blocks.decode(bytes);
    if (ended.has(stream)) return;
    const call = calls.get(stream);
    if (call === undefined) throw new ConnectionError(errorCode.streamClosed, `stream ${stream} has ended`);
    if (call.isWhole) throw new StreamError(stream, errorCode.streamClosed);
    if (!isLast) throw new StreamError(stream, errorCode.protocol);
    checkTrailers(stream, fields);
    end(call);
  };
  const allow = (stream: number, bytes: number): void =>
    outbox.tell(frameOf({ type: frameType.windowUpdate, flags: 0, stream }, words(bytes)));
  const countReceived = (bytes: number): void => {
    received += bytes;
    if (received < limits.connectionWindow / 2) return;
    allow(0, received);
    received = 0;
  };
  const take = (call: OpenCall, frame: Frame): void => {
    const { id } = call.lane;
    call.window -= frame.payload.length;
    const chunk = withoutPadding(frame);
    call.promised -= chunk.length;
    if (call.promised < 0) throw new StreamError(id, errorCode.protocol);
    if (chunk.length > 0) call.data(chunk);
    if ((frame.flags & flag.endStream) !== 0) end(call);
    else if (call.window <= limits.callWindow / 2 && !call.isOver()) {
      allow(id, limits.callWindow - call.window);
      call.window = limits.callWindow;
    }
  };

  return {
    blocks,
    headers: (frame) => {
      const block = blocks.take(frame);
      if (block === undefined) return;
      if (block.stream > last) begin(block);
      else goOn(block);
    },
    data: (frame) => {
      notIdle(frame.stream);
      countReceived(frame.payload.length);
      const call = calls.get(frame.stream);
      if (ended.has(frame.stream)) return;
      if (call === undefined || call.isWhole) throw new StreamError(frame.stream, errorCode.streamClosed);
      take(call, frame);
    },
    grant: (stream, bytes) => {
      notIdle(stream);
      const call = calls.get(stream);
      if (bytes === 0) throw new StreamError(stream, errorCode.protocol);
      if (call !== undefined) outbox.grant(call.lane, bytes);
    },
    giveUp: (stream) => {
      notIdle(stream);
      const call = calls.get(stream);
      if (call === undefined) return;
      if (!mayGiveUp()) throw new ConnectionError(errorCode.enhanceYourCalm, 'too many calls were given up');
      call.cut();
      forget(stream);
    },
    reset,
    answered: (stream) => {
      const call = calls.get(stream);
      if (call === undefined) return;
      call.isSaid = true;
      if (call.isWhole) forget(stream);
      // What the request still brings, nobody reads.
      else reset(stream, errorCode.none);
    },
    lanes: () => [...calls.values()].map(({ lane }) => lane),
    lastStream: () => last,
    count: () => calls.size,
    close: () => {
      isClosed = true;
    },
    cut: () => {
      for (const call of calls.values()) call.cut();
      calls.clear();
    },
  };
};
