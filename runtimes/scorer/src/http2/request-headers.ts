import { errorCode, StreamError } from './frames.ts';
import type { Field } from './hpack.ts';

/** By name, in lower case. Of what came twice, values stand together with commas. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

const pseudo = [':method', ':scheme', ':path', ':authority'];
const needed = [':method', ':scheme', ':path'];
/** They are about a connection, which in HTTP/2 has frames of its own. */
const forbidden = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];
const nameForm = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const forbiddenInValue = /[\0\r\n]/;

const isValid = ([name, value]: Field): boolean =>
  nameForm.test(name) && !forbidden.includes(name) && !(name === 'te' && value !== 'trailers');

/** The headers of a request (RFC 9113, section 8.2 and 8.3). @throws StreamError where they are malformed */
export const requestHeadersOf = (stream: number, fields: readonly Field[]): RequestHeaders => {
  const malformed = new StreamError(stream, errorCode.protocol);
  const headers: Record<string, string | undefined> = Object.create(null);
  let isPseudo = true;
  for (const field of fields) {
    const [name, value] = field;
    if (forbiddenInValue.test(value)) throw malformed;
    if (name.startsWith(':')) {
      if (!isPseudo || !pseudo.includes(name) || headers[name] !== undefined) throw malformed;
    } else {
      isPseudo = false;
      if (!isValid(field)) throw malformed;
    }
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before},${value}`;
  }
  if (needed.some((name) => headers[name] === undefined) || headers[':path'] === '') throw malformed;
  return headers;
};

/** What comes behind a body. @throws StreamError where it is malformed */
export const checkTrailers = (stream: number, fields: readonly Field[]): void => {
  if (!fields.every(isValid)) throw new StreamError(stream, errorCode.protocol);
};
