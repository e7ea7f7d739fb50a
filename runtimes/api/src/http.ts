import { ProblemError, problemResponse } from '@groundswell/http';
import type { Logger, Metrics } from '@groundswell/process';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { crossOrigin } from './access/cors.ts';
import type { Guard } from './access/guard.ts';
import { openApiOf } from './contract/openapi.ts';
import type { ApiEnv } from './contract/route.ts';
import { serveRoutes } from './contract/serve.ts';
import { countRequests } from './count-requests.ts';
import { addRecommend, type FindRecommender } from './recommend.ts';
import { addReference } from './reference/add-reference.ts';
import type { Deciding } from './routes/decisions.ts';
import { routesOf } from './routes/index.ts';
import type { RouteParts } from './routes/parts.ts';
import { addSignIn } from './sign-in/routes.ts';
import type { SignIns } from './sign-in/sign-in.ts';
import type { UiFile } from './ui-files.ts';

export interface ApiParts extends Omit<RouteParts, 'guarded'>, Deciding {
  readonly guard: Guard;
  readonly signIns: SignIns;
  readonly recommender: FindRecommender;
  readonly push?: ((request: Request) => Promise<Response> | undefined) | undefined;
  readonly uiFiles: ReadonlyMap<string, UiFile>;
  readonly metrics: Metrics;
  readonly now: () => number;
}

/** The page needs nothing but its own files and this API; nobody may frame it or lead it elsewhere. */
const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ["'none'"],
};

const secured = secureHeaders({
  contentSecurityPolicy,
  xFrameOptions: 'DENY',
  // For whoever ends TLS before this server to say.
  strictTransportSecurity: false,
  permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
});

/** A store that does not answer is not the client's fault, and may pass. */
const fromStore = async <T>(logger: Logger, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (err) {
    if (err instanceof ProblemError) throw err;
    logger.warn({ err }, 'cannot read the store');
    throw new ProblemError(503, 'Cannot read the store: it does not answer, try again in a few seconds');
  }
};

const addHealth = (app: Hono<ApiEnv>, { readings, metrics, logger }: ApiParts): void => {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    await fromStore(logger, () => readings.ping());
    return c.json({ status: 'ok' });
  });
  app.get('/metrics', async (c) => {
    const { registry } = metrics;
    return c.body(await registry.metrics(), 200, { 'content-type': registry.contentType });
  });
};

const addUi = (app: Hono<ApiEnv>, { uiFiles }: ApiParts): void => {
  for (const [path, { bytes, type, cacheControl, etag: tag }] of uiFiles) {
    app.get(path, (c) => c.body(bytes, 200, { 'content-type': type, 'cache-control': cacheControl, etag: tag }));
  }
};

export const createApp = (parts: ApiParts): Hono<ApiEnv> => {
  const app = new Hono<ApiEnv>();
  const { metrics, logger, now } = parts;
  app.use(secured, countRequests(metrics, now));
  app.use(async (c, next) => (await parts.push?.(c.req.raw)) ?? next());
  app.use(
    '/v1/*',
    crossOrigin(() => parts.program().access.origins),
  );
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const allow = methods.join(', ');
        const detail = `Cannot ${c.req.method} ${c.req.path}: it answers ${allow} only, one of them is needed`;
        return problemResponse(new ProblemError(405, detail, { allow }));
      },
    }),
  );
  app.on('GET', [...parts.uiFiles.keys()], etag());
  const routes = routesOf({ ...parts, guarded: (work) => fromStore(logger, work) });
  serveRoutes(app, routes, { guard: parts.guard, maxBodyBytes: () => parts.program().access.maxBodyBytes });
  addReference(app, openApiOf(routes));
  addRecommend(app, parts);
  addSignIn(app, { signIns: parts.signIns, access: () => parts.program().access, logger });
  addHealth(app, parts);
  addUi(app, parts);
  app.notFound((c) =>
    problemResponse(new ProblemError(404, `Cannot find ${c.req.path}: nothing is served there, try /v1/top`)),
  );
  app.onError((err, c) => {
    if (err instanceof ProblemError) return problemResponse(err);
    logger.error({ err, path: c.req.path }, 'request failed');
    const detail = 'Cannot answer: something went wrong here, the log of the API says what';
    return problemResponse(new ProblemError(500, detail));
  });
  return app;
};
