import {
  ConnectionError,
  errorCode,
  firstWindow,
  flag,
  frameType,
  headLength,
  largestWindow,
  leastMaxFrame,
  putHead,
  StreamError,
} from './frames.ts';

/** What is said on a stream, in its order: headers, whole, or data. */
export interface Part {
  readonly type: typeof frameType.headers | typeof frameType.data;
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/** The way of one stream to its peer. */
export interface Lane {
  readonly id: number;
  /** Bytes of data that the peer takes now; below 0 where it changed its mind. */
  window: number;
  /** What waits for the peer to take more. */
  readonly waiting: Part[];
}

/** What a connection says, as far as its peer takes it. */
export interface Outbox {
  /** Says something about the connection; it waits for nothing. */
  tell(frame: Buffer): void;
  open(id: number): Lane;
  /** What the peer does not take yet follows as it does. */
  send(lane: Lane, parts: readonly Part[]): void;
  /** Nothing more is said on a stream. */
  drop(lane: Lane): void;
  /** The peer takes more on one stream. */
  grant(lane: Lane, bytes: number): void;
  /** The peer takes more on the connection. */
  grantAll(bytes: number): void;
  /** What the peer takes on every stream before it grants more. */
  setFirstWindow(bytes: number, lanes: Iterable<Lane>): void;
}

export interface OutboxOptions {
  /** Gets all that was said in a turn, at once. */
  readonly write: (bytes: Buffer) => void;
  /** The last part of a stream went. */
  readonly onEnd: (stream: number) => void;
}

export const createOutbox = ({ write, onEnd }: OutboxOptions): Outbox => {
  let said: Buffer[] = [];
  const stuck = new Set<Lane>();
  let [connection, first] = [firstWindow, firstWindow];

  const flush = (): void => {
    const bytes = said.length === 1 ? (said[0] as Buffer) : Buffer.concat(said);
    said = [];
    write(bytes);
  };
  const tell = (bytes: Buffer): void => {
    said.push(bytes);
    // Behind all that the turn still answers: many answers on a connection cost one call of the system.
    if (said.length === 1) process.nextTick(flush);
  };
  /** As many bytes of the lane's data as may go now. */
  const room = ({ window }: Lane): number => Math.max(0, Math.min(window, connection));
  const put = (lane: Lane, { type, bytes, isLast }: Part, from: number, length: number): Buffer => {
    const frame = Buffer.allocUnsafe(headLength + length);
    const isWhole = from + length === bytes.length;
    const flags = (type === frameType.headers ? flag.endHeaders : 0) | (isLast && isWhole ? flag.endStream : 0);
    bytes.copy(frame, putHead(frame, 0, { length, type, flags, stream: lane.id }), from, from + length);
    return frame;
  };
  /** @returns how much of its bytes went */
  const sendPart = (lane: Lane, part: Part): number => {
    if (part.type === frameType.headers) {
      tell(put(lane, part, 0, part.bytes.length));
      return part.bytes.length;
    }
    const most = Math.min(room(lane), part.bytes.length);
    let at = 0;
    do {
      if (most === 0 && part.bytes.length > 0) return 0;
      const length = Math.min(most - at, leastMaxFrame);
      tell(put(lane, part, at, length));
      at += length;
    } while (at < most);
    lane.window -= at;
    connection -= at;
    return at;
  };
  const resume = (lane: Lane): void => {
    stuck.delete(lane);
    for (let part = lane.waiting.shift(); part !== undefined; part = lane.waiting.shift()) {
      const sent = sendPart(lane, part);
      if (sent < part.bytes.length) {
        lane.waiting.unshift({ ...part, bytes: part.bytes.subarray(sent) });
        stuck.add(lane);
        return;
      }
      if (part.isLast) onEnd(lane.id);
    }
  };
  return {
    tell,
    open: (id) => ({ id, window: first, waiting: [] }),
    send: (lane, parts) => {
      lane.waiting.push(...parts);
      if (!stuck.has(lane)) resume(lane);
    },
    drop: (lane) => {
      lane.waiting.length = 0;
      stuck.delete(lane);
    },
    grant: (lane, bytes) => {
      lane.window += bytes;
      if (lane.window > largestWindow) throw new StreamError(lane.id, errorCode.flowControl);
      resume(lane);
    },
    grantAll: (bytes) => {
      connection += bytes;
      if (connection > largestWindow) throw new ConnectionError(errorCode.flowControl, 'the window is too large');
      for (const lane of [...stuck]) resume(lane);
    },
    setFirstWindow: (bytes, lanes) => {
      const more = bytes - first;
      first = bytes;
      for (const lane of lanes) {
        lane.window += more;
        if (lane.window > largestWindow) throw new ConnectionError(errorCode.flowControl, 'a window is too large');
        resume(lane);
      }
    },
  };
};
