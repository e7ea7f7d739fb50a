import type { ApiAccess } from '@groundswell/graph';
import { keyIn, ProblemError } from '@groundswell/http';
import type { Context, MiddlewareHandler } from 'hono';
import type { ApiEnv } from '../contract/route.ts';
import type { Keyring } from './keyring.ts';
import type { Key, Scope } from './keys.ts';
import type { Allowance, Limiter, Rate } from './limiter.ts';

export interface GuardParts {
  /** As it is now: all of it is live. */
  readonly access: () => ApiAccess;
  readonly keyring: Keyring;
  readonly limiter: Limiter;
  readonly now: () => number;
}

/** Lets a request through, or answers 401, 403 or 429. */
export type Guard = (scope: Scope) => MiddlewareHandler<ApiEnv>;

const challenge = (more = ''): Record<string, string> => ({ 'www-authenticate': `Bearer realm="groundswell"${more}` });

/** Behind a proxy, what it appended last is the address that it saw itself; what stands before that anybody can write. */
const addressOf = (c: Context<ApiEnv>, { forwarded }: ApiAccess): string => {
  const last = forwarded ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  return last ?? c.env.incoming.socket.remoteAddress ?? '';
};

/** A key with a rate of its own has a burst in the same proportion. */
const rateOf = ({ perSecond, burst }: ApiAccess, key: Key | undefined): Rate =>
  key?.perSecond === undefined
    ? { perSecond, burst }
    : { perSecond: key.perSecond, burst: Math.max(1, Math.round((key.perSecond * burst) / perSecond)) };

/** By draft-ietf-httpapi-ratelimit-headers. */
const limitsOf = ({ perSecond, burst }: Rate, { left, fullInS }: Allowance): Record<string, string> => ({
  'ratelimit-policy': `"caller";q=${burst};w=${Math.ceil(burst / perSecond)}`,
  ratelimit: `"caller";r=${left};t=${fullInS}`,
});

export const createGuard = ({ access, keyring, limiter, now }: GuardParts): Guard => {
  const count = (c: Context<ApiEnv>, key: Key | undefined): Record<string, string> => {
    const rate = rateOf(access(), key);
    const caller = key === undefined ? `address ${addressOf(c, access())}` : `key ${key.name}`;
    c.set('caller', caller);
    const allowance = limiter.take(caller, rate, now());
    const headers = limitsOf(rate, allowance);
    if (allowance.allowed) return headers;
    const { retryAfterS } = allowance;
    throw new ProblemError(
      429,
      `Cannot answer ${c.req.path}: more than ${rate.burst} requests came at once or ${rate.perSecond} in a second, wait ${retryAfterS} s`,
      { ...headers, 'retry-after': String(retryAfterS) },
    );
  };

  const check = (c: Context<ApiEnv>, scope: Scope, { given, key }: { given: string | undefined; key?: Key }) => {
    const cannot = `Cannot ${c.req.method} ${c.req.path}`;
    if (given !== undefined && key === undefined)
      throw new ProblemError(
        401,
        `${cannot}: the key is not known, one that is in force is needed`,
        challenge(', error="invalid_token"'),
      );
    if (key === undefined && (scope !== 'read' || access().anonymous === 'None'))
      throw new ProblemError(
        401,
        `${cannot}: the request has no key, send one with the scope "${scope}" as "Authorization: Bearer KEY" or "X-Api-Key: KEY"`,
        challenge(),
      );
    if (key !== undefined && !key.scopes.includes(scope))
      throw new ProblemError(
        403,
        `${cannot}: the key "${key.name}" may ${key.scopes.join(' and ')}, one with the scope "${scope}" is needed`,
        challenge(`, error="insufficient_scope", scope="${scope}"`),
      );
  };

  /** A page of another site that is open in a browser on this machine must decide nothing. */
  const checkOrigin = (c: Context<ApiEnv>): void => {
    const origin = c.req.header('origin');
    if (origin === undefined || URL.parse(origin)?.host === c.req.header('host')) return;
    throw new ProblemError(
      403,
      `Cannot ${c.req.method} ${c.req.path}: it is asked by a page of ${origin.slice(0, 100)}, a key with the scope "operate" is needed`,
      challenge(),
    );
  };

  return (scope) => async (c, next) => {
    const keys = keyring.keys();
    const given = keys && keyIn(c.req.raw.headers);
    const key = given === undefined ? undefined : keys?.find(given);
    const headers = count(c, key);
    if (keys !== undefined) check(c, scope, { given, ...(key && { key }) });
    else if (scope === 'operate') checkOrigin(c);
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  };
};
