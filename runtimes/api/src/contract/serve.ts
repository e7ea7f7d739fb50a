import { ProblemError } from '@groundswell/http';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag } from 'hono/etag';
import { z } from 'zod';
import type { Guard } from '../access/guard.ts';
import { checkedBody, checkedParameters } from './checked.ts';
import { type ApiEnv, type Route, scopeOf } from './route.ts';

const none = z.strictObject({});

/** Of a route that takes none. */
const nothing = {} as never;

const hasJson = (context: Context): boolean =>
  /^application\/json\s*(;|$)/i.test(context.req.header('content-type') ?? '');

const bodyOf = async (context: Context): Promise<unknown> => {
  if (!hasJson(context))
    throw new ProblemError(
      415,
      `Cannot take ${context.req.path}: its content type is not application/json, it is needed`,
    );
  return context.req.json().catch(() => {
    throw new ProblemError(400, `Cannot take ${context.req.path}: the body is no JSON, an object is needed`);
  });
};

const ask = async (route: Route, context: Context<ApiEnv>): Promise<Response> => {
  const { path, params, query, body, answer, cached } = route;
  const given = context.req.query();
  const asked = {
    params: params === undefined ? nothing : checkedParameters(path, params, context.req.param()),
    query: checkedParameters(path, query ?? none, given) as never,
    body: body === undefined ? nothing : checkedBody(context.req.path, body, await bodyOf(context)),
    context,
  };
  const value = await route.handle(asked);
  if (value instanceof Response) return value;
  const headers = { 'cache-control': cached ? 'no-cache' : 'no-store' };
  return answer.status === 204
    ? context.body(null, 204, headers)
    : context.json(value as object, answer.status, headers);
};

/** Refuses bodies that are larger. @param maxBytes  of now: it may change */
export const limitedBody =
  (maxBytes: () => number): MiddlewareHandler =>
  (c, next) => {
    const maxSize = maxBytes();
    const onError = (): never => {
      throw new ProblemError(413, `Cannot take ${c.req.path}: the body is larger than ${maxSize} bytes`);
    };
    // Before the body is touched: one that is not read is passed over, and the connection stays.
    if (Number(c.req.header('content-length') ?? 0) > maxSize) return onError();
    return bodyLimit({ maxSize, onError })(c, next);
  };

interface Serving {
  readonly guard: Guard;
  /** Of bodies, where a route does not take more. */
  readonly maxBodyBytes: () => number;
}

/** Answers each route at its path. */
export const serveRoutes = (app: Hono<ApiEnv>, routes: readonly Route[], { guard, maxBodyBytes }: Serving): void => {
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const method = route.method.toUpperCase();
    app.on(method, path, guard(scopeOf(route)));
    if (route.cached) app.get(path, etag());
    const { maxBody = 0 } = route;
    if (route.body !== undefined)
      app.post(
        path,
        limitedBody(() => Math.max(maxBody, maxBodyBytes())),
      );
    app.on(method, path, (context) => ask(route, context));
  }
};
