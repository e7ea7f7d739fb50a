import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { keyIn, ProblemError } from '@groundswell/http';

/** Who may send. */
export type Access =
  | { readonly kind: 'open' }
  | { readonly kind: 'keys'; readonly digests: readonly Buffer[] }
  | { readonly kind: 'signed'; readonly secret: string; readonly header: string };

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** @param lines  Keys, one a line; empty lines and those that begin with # do not count */
export const keyAccess = (lines: string): Access => ({
  kind: 'keys',
  digests: lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(digestOf),
});

/** Takes equally long for every key, so that nobody can guess one byte by byte. */
const isKnown = (key: string, digests: readonly Buffer[]): boolean => {
  const digest = digestOf(key);
  return digests.reduce((found, known) => timingSafeEqual(known, digest) || found, false);
};

export const checkKey = (access: Access, headers: Headers, keyInBody: string | undefined): void => {
  if (access.kind !== 'keys') return;
  const key = keyIn(headers) ?? keyInBody;
  if (key === undefined)
    throw new ProblemError(
      401,
      'Cannot take events: the request has no key, send it as "Authorization: Bearer KEY" or "X-Api-Key: KEY"',
    );
  if (!isKnown(key, access.digests))
    throw new ProblemError(401, 'Cannot take events: the key is not known here, use one that is in force');
};

/** @param body  As it came, before it is unpacked */
export const checkSignature = (access: Access, headers: Headers, body: Uint8Array): void => {
  if (access.kind !== 'signed') return;
  const given = (headers.get(access.header) ?? '').replace(/^sha256=/, '');
  const wanted = createHmac('sha256', access.secret).update(body).digest();
  const bytes = Buffer.from(given, 'hex');
  if (bytes.length !== wanted.length || !timingSafeEqual(bytes, wanted))
    throw new ProblemError(
      401,
      `Cannot take events: the signature does not fit the body, send its HMAC-SHA256 as hexadecimal in "${access.header}"`,
    );
};
