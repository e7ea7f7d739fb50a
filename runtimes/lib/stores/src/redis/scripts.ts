import { createHash } from 'node:crypto';
import type { Call } from './call.ts';

const texts = new Map<string, string>();

/** Makes a script known, so that it can be called by the digest that it answers. */
export const register = (script: string): string => {
  const digest = createHash('sha1').update(script).digest('hex');
  texts.set(digest, script);
  return digest;
};

/** The same call with the script itself, for a server that does not know it (any more). */
export const withScript = (call: Call): Call =>
  call[0] === 'evalsha' ? (['eval', texts.get(call[1]) ?? '', ...call.slice(2)] as unknown as Call) : call;

/** Any key of the call. */
export const keyOfCall = (call: Call): string => String(call[0].startsWith('eval') ? call[3] : call[1]);
