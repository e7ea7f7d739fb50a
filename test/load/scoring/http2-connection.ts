import { once } from 'node:events';
import { connect } from 'node:net';
import { type Connect, createInbox } from './connection.ts';

const [data, headers, reset, settings, ping, goAway, windowUpdate] = [0, 1, 3, 4, 6, 7, 8];
const [endStream, ack, endHeaders] = [1, 1, 4];
const headLength = 9;
/** Bytes that servers may send before they wait for us: more than a bench receives. */
const window = 2 ** 31 - 1;

const frame = (type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer => {
  const bytes = Buffer.alloc(headLength + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, headLength);
  return bytes;
};

/** HPACK without indexing and without Huffman: the same bytes for every request. */
const literal = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]);

const headerBlock = (address: string, path: string, timeout: string | undefined): Buffer =>
  Buffer.concat([
    // `:method: POST` and `:scheme: http` of the static table.
    Buffer.from([0x83, 0x86]),
    literal(':path', path),
    literal(':authority', address),
    literal('content-type', 'application/grpc'),
    literal('te', 'trailers'),
    ...(timeout === undefined ? [] : [literal('grpc-timeout', timeout)]),
  ]);

const word = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
};

const setting = (id: number, value: number): Buffer => Buffer.concat([word(id).subarray(2), word(value)]);

export interface GrpcRequests {
  readonly path: string;
  /** Whole messages, with their prefixes of five bytes; small enough for one frame. */
  readonly bodies: readonly Buffer[];
  /** As in `250m`. */
  readonly timeout?: string;
}

interface Call {
  readonly done: (answer: Buffer | undefined) => void;
  readonly parts: Buffer[];
}

/**
 * gRPC with as little as a load generator needs, so that it takes a fraction of the CPU of what it measures. It does not
 * read headers: a call that was refused has no message, and one that was answered is compared byte by byte.
 */
export const grpcConnect =
  ({ path, bodies, timeout }: GrpcRequests): Connect =>
  async (address) => {
    const [host = '', port = ''] = address.split(':');
    const socket = connect({ host, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(
      Buffer.concat([
        preface,
        frame(settings, 0, 0, Buffer.concat([setting(2, 0), setting(4, window)])),
        frame(windowUpdate, 0, 0, word(window - 65_535)),
      ]),
    );
    const block = headerBlock(address, path, timeout);
    const requests = bodies.map((body) =>
      Buffer.concat([frame(headers, endHeaders, 0, block), frame(data, endStream, 0, body)]),
    );
    const second = headLength + block.length;
    const open = new Map<number, Call>();
    let [nextStream, credit, maxStreams] = [1, 65_535, 100];

    const end = (stream: number): void => {
      const call = open.get(stream);
      if (call === undefined) return;
      open.delete(stream);
      call.done(
        call.parts.length === 0 ? undefined : call.parts.length === 1 ? call.parts[0] : Buffer.concat(call.parts),
      );
    };
    const endAll = (): void => {
      for (const stream of [...open.keys()]) end(stream);
    };
    const received = (type: number, { flags, stream, payload }: Received): void => {
      if (type === data && payload.length > 0) open.get(stream)?.parts.push(payload);
      if (type === settings && (flags & ack) === 0) {
        for (let at = 0; at + 6 <= payload.length; at += 6)
          if (payload.readUInt16BE(at) === 3) maxStreams = payload.readUInt32BE(at + 2);
        socket.write(frame(settings, ack, 0));
      }
      if (type === ping && (flags & ack) === 0) socket.write(frame(ping, ack, 0, payload));
      if (type === windowUpdate && stream === 0) credit += payload.readUInt32BE(0);
      if (type === goAway) socket.destroy();
      if (type === reset || ((type === data || type === headers) && (flags & endStream) !== 0)) end(stream);
    };
    socket.on(
      'data',
      createInbox((bytes) => {
        let at = 0;
        while (bytes.length - at >= headLength) {
          const length = bytes.readUIntBE(at, 3);
          if (bytes.length - at < headLength + length) break;
          const payload = bytes.subarray(at + headLength, at + headLength + length);
          received(bytes[at + 3] ?? 0, { flags: bytes[at + 4] ?? 0, stream: bytes.readUInt32BE(at + 5), payload });
          at += headLength + length;
        }
        return at;
      }),
    );
    socket.on('error', endAll);
    socket.on('close', endAll);
    return {
      ask: (request, done) => {
        if (socket.destroyed) {
          done(undefined);
          return;
        }
        const bytes = Buffer.from(requests[request] as Buffer);
        bytes.writeUInt32BE(nextStream, 5);
        bytes.writeUInt32BE(nextStream, second + 5);
        open.set(nextStream, { done, parts: [] });
        nextStream += 2;
        credit -= bytes.length - second - headLength;
        socket.write(bytes);
      },
      room: () => (credit < 65_536 / 4 || socket.destroyed ? 0 : maxStreams - open.size),
      close: () => socket.destroy(),
    };
  };

interface Received {
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}
