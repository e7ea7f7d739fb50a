import type { ApiAccess } from '@groundswell/graph';
import { ProblemError } from '@groundswell/http';
import type { Logger } from '@groundswell/process';
import type { PageSession } from '@groundswell/wire';
import type { Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { checkSameOrigin } from '../access/same-origin.ts';
import type { ApiEnv } from '../contract/route.ts';
import { cookies, type SignIns } from './sign-in.ts';

interface SignInRoutes {
  readonly signIns: SignIns;
  readonly access: () => ApiAccess;
  readonly logger: Logger;
}

/** Paths of this page alone: anything else would send people who signed in elsewhere. */
const pathIn = (wanted: string | undefined): string =>
  /^\/(?![/\\])[^\s\\]*$/.test(wanted ?? '') ? (wanted ?? '/') : '/';

/** Where the browser sees this server: a proxy that ends TLS says so. */
const originOf = (c: Context<ApiEnv>, { forwarded }: ApiAccess): string => {
  const proto = forwarded ? c.req.header('x-forwarded-proto')?.split(',').at(-1)?.trim() : undefined;
  return `${proto === 'https' ? 'https' : 'http'}://${c.req.header('host') ?? ''}`;
};

/** Codes of the protocol and names of errors: what they carry may hold codes and tokens. */
const reasonOf = (err: unknown): string => {
  const { error, code, name } = err as { readonly error?: string; readonly code?: string; readonly name?: string };
  return [error, code, name].find((each) => typeof each === 'string') ?? 'unknown';
};

const callback = '/auth/callback';

/** Signing in and out, by an OpenID provider (authorization code with PKCE). */
export const addSignIn = (app: Hono<ApiEnv>, { signIns, access, logger }: SignInRoutes): void => {
  const put = (c: Context<ApiEnv>, name: string, value: string, maxAgeMs: number): void =>
    setCookie(c, name, value, {
      ...{ path: '/', httpOnly: true, sameSite: 'Lax', maxAge: Math.round(maxAgeMs / 1000) },
      secure: originOf(c, access()).startsWith('https:'),
    });
  const back = (c: Context<ApiEnv>, to: string): Response => {
    c.header('cache-control', 'no-store');
    return c.redirect(to, 303);
  };
  const failed = (c: Context<ApiEnv>, err: unknown): Response => {
    logger.warn({ reason: reasonOf(err) }, 'cannot sign in');
    return back(c, '/?sign-in=failed');
  };

  app.use('/auth/*', async (c, next) => {
    if (!signIns.isOffered() && c.req.path !== '/auth/session')
      throw new ProblemError(404, 'Cannot sign in: the pipeline declares no ui.oidc, it is needed');
    await next();
  });
  app.get('/auth/session', async (c) => {
    const signedIn = await signIns.of(c);
    const session: PageSession = {
      offered: signIns.isOffered(),
      needed: isNeeded(access(), signIns),
      user: signedIn === undefined ? null : { name: signedIn.user.name, scopes: [...signedIn.scopes] },
    };
    return c.json(session, 200, { 'cache-control': 'no-store' });
  });
  app.get('/auth/sign-in', async (c) => {
    try {
      const { url, begun } = await signIns.provider.begin(
        `${originOf(c, access())}${callback}`,
        pathIn(c.req.query('to')),
      );
      put(c, cookies.begun, await signIns.begun.issue(begun), 600_000);
      return back(c, url.href);
    } catch (err) {
      return failed(c, err);
    }
  });
  app.get(callback, async (c) => {
    const secret = getCookie(c, cookies.begun) ?? '';
    deleteCookie(c, cookies.begun, { path: '/' });
    const begun = await signIns.begun.find(secret);
    if (begun === undefined) return back(c, '/?sign-in=expired');
    // Once: who comes back a second time has nothing to come back to.
    await signIns.begun.end(secret);
    try {
      const current = new URL(`${originOf(c, access())}${callback}`);
      current.search = new URL(c.req.url).search;
      const user = await signIns.provider.finish(current, begun);
      put(c, cookies.session, await signIns.sessions.issue(user), signIns.sessionMs);
      logger.info({ caller: `user ${user.name}` }, 'a person signed in');
      return back(c, begun.to);
    } catch (err) {
      return failed(c, err);
    }
  });
  app.post('/auth/sign-out', async (c) => {
    checkSameOrigin(c);
    await signIns.sessions.end(getCookie(c, cookies.session) ?? '');
    deleteCookie(c, cookies.session, { path: '/' });
    return c.body(null, 204, { 'cache-control': 'no-store' });
  });
};

/** Whether the page shows nothing to who has not signed in. */
const isNeeded = ({ keys, anonymous }: ApiAccess, signIns: SignIns): boolean =>
  anonymous === 'None' && (keys !== undefined || signIns.isOffered());
