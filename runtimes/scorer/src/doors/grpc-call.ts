import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { outcomes, type ProtocolError } from '../oip/status.ts';

const ok = { 'grpc-status': '0' };
const answering = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': 'identity,gzip,deflate',
};

/** Whether anything can still be said. */
const isOpen = (stream: ServerHttp2Stream): boolean => !stream.destroyed && !stream.closed && !stream.headersSent;

/** Begins a stream of messages; it ends well when it is ended. */
export const begin = (stream: ServerHttp2Stream): void => {
  if (!isOpen(stream)) return;
  stream.respond(answering, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(ok));
};

/** Answers a call with one framed message. */
export const answer = (stream: ServerHttp2Stream, frame: Buffer): void => {
  if (!isOpen(stream)) return;
  begin(stream);
  stream.end(frame);
};

/** Percent-encoded, as headers want it. */
const messageOf = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');

/** Answers a call with an error alone, and wants no more of its request. */
export const refuse = (stream: ServerHttp2Stream, { outcome, message, retryAfterMs }: ProtocolError): void => {
  if (!isOpen(stream)) {
    if (!stream.destroyed && !stream.closed) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    return;
  }
  const headers = {
    ...answering,
    'grpc-status': String(outcomes[outcome].grpc),
    'grpc-message': messageOf(message),
    ...(retryAfterMs !== undefined && { 'grpc-retry-pushback-ms': String(Math.ceil(retryAfterMs)) }),
  };
  stream.respond(headers, { endStream: true });
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
};

/** What is no gRPC is told so in HTTP. */
export const refuseHttp = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean => {
  const isGrpc = headers['content-type']?.startsWith('application/grpc') === true;
  const status = isGrpc ? (headers[':method'] === 'POST' ? undefined : 405) : 415;
  if (status === undefined) return false;
  stream.respond({ ':status': status }, { endStream: true });
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  return true;
};
