import { ProblemError } from '@groundswell/http';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag } from 'hono/etag';
import { z } from 'zod';
import { checkedBody, checkedParameters } from './checked.ts';
import type { ApiEnv, Route } from './route.ts';

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

/** Larger bodies are refused: a post has at most 64 Ki characters. */
const maxBody = 1_048_576;

const limited = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: (c) => {
      throw new ProblemError(413, `Cannot take ${c.req.path}: the body is larger than ${maxSize} bytes`);
    },
  });

/** Answers each route at its path. */
export const serveRoutes = (app: Hono<ApiEnv>, routes: readonly Route[]): void => {
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    if (route.cached) app.get(path, etag());
    if (route.body !== undefined) app.post(path, limited(route.maxBody ?? maxBody));
    app.on(route.method.toUpperCase(), path, (context) => ask(route, context));
  }
};
