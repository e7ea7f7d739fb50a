import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

/** Lets pages of other origins call the API, and read what its headers say. Cookies are for our own page alone. */
export const crossOrigin = (origins: () => readonly string[]): MiddlewareHandler => {
  const answer = cors({
    origin: (origin) => {
      if (origins().includes('*')) return '*';
      return origins().includes(origin) ? origin : null;
    },
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'Last-Event-ID', 'X-Api-Key'],
    exposeHeaders: ['ETag', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'WWW-Authenticate'],
    maxAge: 86_400,
  });
  return (c, next) => (origins().length === 0 ? next() : answer(c, next));
};
