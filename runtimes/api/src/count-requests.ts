import type { Metrics } from '@groundswell/process';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';

/** Counts and times every request by its route, never by its path: a path may hold an id. A stream ends here when it begins. */
export const countRequests = (metrics: Metrics, now: () => number): MiddlewareHandler => {
  const labels = ['route', 'method', 'status'] as const;
  const requests = metrics.counter('api_requests_total', 'Requests answered.', labels);
  const seconds = metrics.histogram(
    'api_request_seconds',
    'From a request to its answer.',
    [0.001, 0.005, 0.01, 0.025, 0.1, 0.5, 2],
    ['route'],
  );
  return async (c, next) => {
    const begin = now();
    await next();
    const matched = routePath(c, -1);
    const route = matched.includes('*') ? 'none' : matched;
    requests.inc({ route, method: c.req.method, status: c.res.status });
    seconds.observe({ route }, (now() - begin) / 1000);
  };
};
