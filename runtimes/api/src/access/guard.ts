import type { ApiAccess } from '@groundswell/graph';
import { keyIn, ProblemError } from '@groundswell/http';
import type { Context, MiddlewareHandler } from 'hono';
import type { ApiEnv } from '../contract/route.ts';
import type { SignIns } from '../sign-in/sign-in.ts';
import type { Keyring } from './keyring.ts';
import type { Key, Scope } from './keys.ts';
import type { Allowance, Limiter, Rate } from './limiter.ts';
import { checkSameOrigin } from './same-origin.ts';

export interface GuardParts {
  /** As it is now: all of it is live. */
  readonly access: () => ApiAccess;
  readonly keyring: Keyring;
  readonly signIns: Pick<SignIns, 'isOffered' | 'of'>;
  readonly limiter: Limiter;
  readonly now: () => number;
}

/** Lets a request through, or answers 401, 403 or 429. */
export type Guard = (scope: Scope) => MiddlewareHandler<ApiEnv>;

/** Who asks, by a key or by a session of the page. */
interface Caller {
  readonly kind: 'key' | 'user';
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Absent: as many as others. */
  readonly perSecond?: number | undefined;
}

const challenge = (more = ''): Record<string, string> => ({ 'www-authenticate': `Bearer realm="groundswell"${more}` });

/** Behind a proxy, what it appended last is the address that it saw itself; what stands before that anybody can write. */
const addressOf = (c: Context<ApiEnv>, { forwarded }: ApiAccess): string => {
  const last = forwarded ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  return last ?? c.env.incoming.socket.remoteAddress ?? '';
};

/** A key with a rate of its own has a burst in the same proportion. */
const rateOf = ({ perSecond, burst }: ApiAccess, caller: Caller | undefined): Rate =>
  caller?.perSecond === undefined
    ? { perSecond, burst }
    : { perSecond: caller.perSecond, burst: Math.max(1, Math.round((caller.perSecond * burst) / perSecond)) };

/** By draft-ietf-httpapi-ratelimit-headers. */
const limitsOf = ({ perSecond, burst }: Rate, { left, fullInS }: Allowance): Record<string, string> => ({
  'ratelimit-policy': `"caller";q=${burst};w=${Math.ceil(burst / perSecond)}`,
  ratelimit: `"caller";r=${left};t=${fullInS}`,
});

const ofKey = ({ name, scopes, perSecond }: Key): Caller => ({ kind: 'key', name, scopes, perSecond });

export const createGuard = ({ access, keyring, signIns, limiter, now }: GuardParts): Guard => {
  const count = (c: Context<ApiEnv>, known: Caller | undefined): Record<string, string> => {
    const rate = rateOf(access(), known);
    const caller = known === undefined ? `address ${addressOf(c, access())}` : `${known.kind} ${known.name}`;
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

  const check = (
    c: Context<ApiEnv>,
    scope: Scope,
    { given, caller }: { given: string | undefined; caller?: Caller },
  ) => {
    const cannot = `Cannot ${c.req.method} ${c.req.path}`;
    if (given !== undefined && caller === undefined)
      throw new ProblemError(
        401,
        `${cannot}: the key is not known, one that is in force is needed`,
        challenge(', error="invalid_token"'),
      );
    if (caller === undefined && (scope !== 'read' || access().anonymous === 'None'))
      throw new ProblemError(
        401,
        `${cannot}: the request has no key, send one with the scope "${scope}" as "Authorization: Bearer KEY" or "X-Api-Key: KEY"${signIns.isOffered() ? ', or sign in on the page' : ''}`,
        challenge(),
      );
    if (caller !== undefined && !caller.scopes.includes(scope))
      throw new ProblemError(
        403,
        `${cannot}: the ${caller.kind} "${caller.name}" may ${caller.scopes.join(' and ')}, one with the scope "${scope}" is needed`,
        challenge(`, error="insufficient_scope", scope="${scope}"`),
      );
  };

  return (scope) => async (c, next) => {
    const keys = keyring.keys();
    const given = keys && keyIn(c.req.raw.headers);
    const key = given === undefined ? undefined : keys?.find(given);
    const signedIn = given === undefined ? await signIns.of(c) : undefined;
    const caller: Caller | undefined =
      key !== undefined ? ofKey(key) : signedIn && { kind: 'user', name: signedIn.user.name, scopes: signedIn.scopes };
    const headers = count(c, caller);
    // A cookie comes with whatever makes the browser ask.
    if (caller?.kind === 'user' && !['GET', 'HEAD'].includes(c.req.method)) checkSameOrigin(c);
    if (keys !== undefined || signIns.isOffered()) check(c, scope, { given, ...(caller && { caller }) });
    else if (scope === 'operate') checkSameOrigin(c, { without: true });
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  };
};
