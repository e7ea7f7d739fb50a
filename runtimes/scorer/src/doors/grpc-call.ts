import type { Call } from '../http2/call.ts';
import { encodeHeaders, type Field } from '../http2/hpack.ts';
import { outcomes, type ProtocolError } from '../oip/status.ts';

const head = encodeHeaders([
  [':status', '200'],
  ['content-type', 'application/grpc'],
  ['grpc-accept-encoding', 'identity,gzip,deflate'],
]);
const trailers = encodeHeaders([['grpc-status', '0']]);
/** Characters of an error that are told: clients take headers of some kilobytes only. */
const longestMessage = 1000;

/** Begins a stream of messages. */
export const begin = (call: Call): void => call.begin(head);

/** Ends one well. */
export const finish = (call: Call): void => call.finish(trailers);

/** Answers a call with one framed message. */
export const answer = (call: Call, frame: Buffer): void => call.answer(head, frame, trailers);

/** Nothing of it needs encoding. Most messages are so, and refusals must cost little. */
const isPlain = (text: string): boolean => /^[ -$&-~]*$/.test(text);

/** Percent-encoded, as headers want it. */
const messageOf = (text: string): string => (isPlain(text) ? text : percentEncoded(text));

const percentEncoded = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');

/** Answers a call with an error alone, and wants no more of its request. */
export const refuse = (call: Call, { outcome, message, retryAfterMs }: ProtocolError): void => {
  if (call.isOver()) return;
  const fields: Field[] = [
    ['grpc-status', String(outcomes[outcome].grpc)],
    ['grpc-message', messageOf(message.slice(0, longestMessage))],
  ];
  if (retryAfterMs !== undefined) fields.push(['grpc-retry-pushback-ms', String(Math.ceil(retryAfterMs))]);
  call.refuse(Buffer.concat([head, encodeHeaders(fields)]));
};

/** What is no gRPC is told so in HTTP. */
export const refuseHttp = (call: Call): boolean => {
  const { 'content-type': contentType, ':method': method } = call.headers;
  const isGrpc = contentType?.startsWith('application/grpc') === true;
  const status = isGrpc ? (method === 'POST' ? undefined : 405) : 415;
  if (status === undefined) return false;
  call.refuse(encodeHeaders([[':status', String(status)]]));
  return true;
};
