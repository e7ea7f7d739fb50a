import type { Call } from './call.ts';
import { type CallLimits, createCalls } from './calls.ts';
import { createFrameReader } from './frame-reader.ts';
import {
  ConnectionError,
  type ErrorCode,
  errorCode,
  type Frame,
  firstWindow,
  flag,
  frameOf,
  frameType,
  largestWindow,
  leastMaxFrame,
  StreamError,
  setting,
  words,
} from './frames.ts';
import { checkPriority } from './header-blocks.ts';
import { createOutbox } from './outbox.ts';

export interface SessionOptions {
  readonly limits: CallLimits;
  readonly onCall: (call: Call) => void;
  /** Sends bytes to the client. */
  readonly write: (bytes: Buffer) => void;
  /** All is said; called once, after it was written. */
  readonly onEnd: () => void;
}

/** The server's side of a connection in HTTP/2 (RFC 9113), without its socket. */
export interface Session {
  /** Takes bytes that arrived. */
  receive(chunk: Buffer): void;
  /** Takes no new calls, and ends with the last that is under way. */
  close(): void;
  /** The client has gone. */
  cut(): void;
}

const settingBytes = 6;

const wrongSize = (what: string): ConnectionError =>
  new ConnectionError(errorCode.frameSize, `${what} has a wrong size`);

const settingsOf = (values: readonly (readonly [id: number, value: number])[]): Buffer => {
  const payload = Buffer.alloc(settingBytes * values.length);
  for (const [i, [id, value]] of values.entries()) {
    payload.writeUInt16BE(id, i * settingBytes);
    payload.writeUInt32BE(value, i * settingBytes + 2);
  }
  return frameOf({ type: frameType.settings, flags: 0, stream: 0 }, payload);
};

const checkSetting = (id: number, value: number): void => {
  if (id === setting.enablePush && value > 1) throw new ConnectionError(errorCode.protocol, 'push is 0 or 1');
  if (id === setting.initialWindowSize && value > largestWindow)
    throw new ConnectionError(errorCode.flowControl, 'a window is too large');
  if (id === setting.maxFrameSize && (value < leastMaxFrame || value >= 2 ** 24))
    throw new ConnectionError(errorCode.protocol, 'the size of frames is out of range');
};

export const createSession = ({ limits, onCall, write, onEnd }: SessionOptions): Session => {
  let isIntroduced = false;
  let isLeaving = false;
  let isOver = false;
  const outbox = createOutbox({ write, onEnd: (stream) => calls.answered(stream) });
  const onForgotten = (): void => (isLeaving && calls.count() === 0 ? over() : undefined);
  const calls = createCalls({ limits, outbox, onCall, onForgotten });

  const over = (): void => {
    if (isOver) return;
    isOver = true;
    // Behind what is said in this turn.
    process.nextTick(onEnd);
  };
  const leave = (code: ErrorCode): void => {
    isLeaving = true;
    outbox.tell(frameOf({ type: frameType.goAway, flags: 0, stream: 0 }, words(calls.lastStream(), code)));
    calls.close();
  };
  const settings = ({ flags, payload }: Frame): void => {
    if ((flags & flag.ack) !== 0) {
      if (payload.length > 0) throw wrongSize('an acknowledgement');
      return;
    }
    if (payload.length % settingBytes !== 0) throw wrongSize('a setting');
    outbox.tell(frameOf({ type: frameType.settings, flags: flag.ack, stream: 0 }));
    for (let at = 0; at < payload.length; at += settingBytes) {
      const [id, value] = [payload.readUInt16BE(at), payload.readUInt32BE(at + 2)];
      checkSetting(id, value);
      if (id === setting.initialWindowSize) outbox.setFirstWindow(value, calls.lanes());
    }
  };
  const ping = ({ flags, payload }: Frame): void => {
    if (payload.length !== 8) throw wrongSize('a ping');
    if ((flags & flag.ack) === 0) outbox.tell(frameOf({ type: frameType.ping, flags: flag.ack, stream: 0 }, payload));
  };
  const windowUpdate = ({ stream, payload }: Frame): void => {
    if (payload.length !== 4) throw wrongSize('a grant');
    const bytes = payload.readUInt32BE(0) & largestWindow;
    if (stream !== 0) calls.grant(stream, bytes);
    else if (bytes === 0) throw new ConnectionError(errorCode.protocol, 'nothing is granted');
    else outbox.grantAll(bytes);
  };
  const priority = ({ stream, payload }: Frame): void => {
    if (stream === 0) throw new ConnectionError(errorCode.protocol, 'a priority is of no stream');
    if (payload.length !== 5) throw new StreamError(stream, errorCode.frameSize);
    checkPriority(stream, payload);
  };
  const ofConnection = (frame: Frame): Frame => {
    if (frame.stream === 0) return frame;
    throw new ConnectionError(errorCode.protocol, 'a frame about the connection is about a stream');
  };
  const dispatch = (frame: Frame): void => {
    const { type, stream, payload } = frame;
    if (type === frameType.data) calls.data(frame);
    else if (type === frameType.headers || type === frameType.continuation) calls.headers(frame);
    else if (type === frameType.windowUpdate) windowUpdate(frame);
    else if (type === frameType.settings) settings(ofConnection(frame));
    else if (type === frameType.ping) ping(ofConnection(frame));
    else if (type === frameType.priority) priority(frame);
    else if (type === frameType.reset) {
      if (payload.length !== 4) throw wrongSize('a reset');
      calls.giveUp(stream);
    } else if (type === frameType.goAway) {
      if (ofConnection(frame).payload.length < 8) throw wrongSize('a farewell');
    } else if (type === frameType.pushPromise) throw new ConnectionError(errorCode.protocol, 'clients push nothing');
    // What is of no type that is known is passed over.
  };
  const take = (frame: Frame): void => {
    if (isOver) return;
    if (!isIntroduced && frame.type !== frameType.settings)
      throw new ConnectionError(errorCode.protocol, 'settings must come first');
    isIntroduced = true;
    if (calls.blocks.isOpen() && frame.type !== frameType.continuation)
      throw new ConnectionError(errorCode.protocol, 'headers must come without interruption');
    try {
      dispatch(frame);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      calls.reset(error.stream, error.code);
    }
  };
  const fail = (error: unknown): void => {
    leave(error instanceof ConnectionError ? error.code : errorCode.internal);
    calls.cut();
    over();
  };

  const read = createFrameReader(take);
  outbox.tell(
    settingsOf([
      [setting.maxConcurrentStreams, limits.maxCalls],
      [setting.initialWindowSize, limits.callWindow],
      [setting.maxHeaderListSize, limits.maxHeaders],
    ]),
  );
  const more = words(limits.connectionWindow - firstWindow);
  outbox.tell(frameOf({ type: frameType.windowUpdate, flags: 0, stream: 0 }, more));
  return {
    receive: (chunk) => {
      if (isOver) return;
      try {
        read(chunk);
      } catch (error) {
        fail(error);
      }
    },
    close: () => {
      if (isLeaving) return;
      leave(errorCode.none);
      if (calls.count() === 0) over();
    },
    cut: () => {
      isOver = true;
      calls.cut();
    },
  };
};
