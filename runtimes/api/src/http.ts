import type { ApiProgram } from '@groundswell/graph';
import type { Logger, Metrics } from '@groundswell/process';
import type { PipelineStatus } from '@groundswell/wire';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { countRequests } from './count-requests.ts';
import type { FeedDoor } from './feed/feed-door.ts';
import { addFeed } from './feed/routes.ts';
import type { Reports } from './outcomes/reports.ts';
import { addReports } from './outcomes/routes.ts';
import { ProblemError, problemResponse } from './problem.ts';
import type { Pump } from './pump.ts';
import { limitOf, modelOf, onlyKnown } from './queries.ts';
import type { Readings } from './readings.ts';
import { subjectsOf } from './subjects.ts';
import type { UiFile } from './ui-files.ts';

/** More would only mean that somebody opens streams and forgets them. */
const maxStreams = 1000;

type Env = { Bindings: HttpBindings };

export interface ApiParts {
  /** The program as it is now: its models and heatmap are live. */
  readonly program: () => ApiProgram;
  readonly readings: Readings;
  readonly pump: Pump;
  /** Undefined where the pipeline has no Feed. */
  readonly feed: FeedDoor | undefined;
  /** Undefined where the pipeline has no reported outcome. */
  readonly reports: Reports | undefined;
  readonly status: () => PipelineStatus;
  readonly push?: ((request: Request) => Promise<Response> | undefined) | undefined;
  readonly uiFiles: ReadonlyMap<string, UiFile>;
  readonly metrics: Metrics;
  readonly logger: Logger;
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

const answer = (c: Context, value: unknown): Response => c.json(value, 200, { 'cache-control': 'no-cache' });

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

const addReads = (app: Hono<Env>, { program, readings, status, logger }: ApiParts): void => {
  app.get('/v1/top', async (c) => {
    const query = c.req.query();
    onlyKnown(query, '/v1/top', ['limit', 'model']);
    const limit = limitOf(query);
    const model = modelOf(query, program().models);
    return answer(c, await fromStore(logger, () => readings.top(model, limit)));
  });
  app.get('/v1/predictions/:id', async (c) => {
    const query = c.req.query();
    onlyKnown(query, '/v1/predictions', ['model']);
    const model = modelOf(query, program().models);
    const id = c.req.param('id');
    const found = await fromStore(logger, () => readings.predictions(model, id));
    if (found !== undefined) return answer(c, found);
    throw new ProblemError(
      404,
      `Cannot show predictions of post "${id}": model "${model}" has scored no such post, or it expired`,
    );
  });
  app.get('/v1/heatmap', async (c) => {
    onlyKnown(c.req.query(), '/v1/heatmap', []);
    const { heatmap } = program();
    if (heatmap !== undefined) return answer(c, await fromStore(logger, () => readings.heatmap(heatmap)));
    throw new ProblemError(
      404,
      'Cannot show a heatmap: the pipeline declares none, spec.ui.heatmap.windowRef is needed',
    );
  });
  app.get('/v1/rollouts', async (c) => {
    onlyKnown(c.req.query(), '/v1/rollouts', []);
    return answer(c, { rollouts: await fromStore(logger, () => readings.rollouts(program().models)) });
  });
  app.get('/v1/rollouts/:model', async (c) => {
    onlyKnown(c.req.query(), '/v1/rollouts', []);
    const model = modelOf({ model: c.req.param('model') }, program().models);
    const [found] = await fromStore(logger, () => readings.rollouts([model]));
    if (found !== undefined) return answer(c, found);
    throw new ProblemError(404, `Cannot show a rollout of model "${model}": it has none, or has scored nothing yet`);
  });
  app.get('/v1/alerts', async (c) => {
    const query = c.req.query();
    onlyKnown(query, '/v1/alerts', ['limit', 'after']);
    return answer(c, await fromStore(logger, () => readings.alerts(limitOf(query), query['after'])));
  });
  app.get('/v1/status', (c) => {
    onlyKnown(c.req.query(), '/v1/status', []);
    return answer(c, status());
  });
};

/** Any Last-Event-ID gets the same: the newest state at once. What lay between is gone, and nobody needs it. */
const addStream = (app: Hono<Env>, parts: ApiParts): void => {
  app.get('/v1/stream', async (c) => {
    const query = c.req.query();
    onlyKnown(query, '/v1/stream', ['events', 'limit', 'model']);
    const subjects = subjectsOf(query, parts);
    if (parts.pump.clients() >= maxStreams) {
      throw new ProblemError(503, `Cannot open another stream: ${maxStreams} are open, close some or try again later`);
    }
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    if (c.req.method === 'HEAD') return c.body(null, 200, headers);
    const body = await parts.pump.follow(subjects, () => c.env.outgoing.destroy());
    return c.body(body, 200, headers);
  });
};

const addHealth = (app: Hono<Env>, { readings, metrics, logger }: ApiParts): void => {
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

const addUi = (app: Hono<Env>, { uiFiles }: ApiParts): void => {
  for (const [path, { bytes, type, cacheControl, etag: tag }] of uiFiles) {
    app.get(path, (c) => c.body(bytes, 200, { 'content-type': type, 'cache-control': cacheControl, etag: tag }));
  }
};

export const createApp = (parts: ApiParts): Hono<Env> => {
  const app = new Hono<Env>();
  const { metrics, logger, now } = parts;
  app.use(secured, countRequests(metrics, now));
  app.use(async (c, next) => (await parts.push?.(c.req.raw)) ?? next());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const allow = methods.join(', ');
        const detail = `Cannot ${c.req.method} ${c.req.path}: it answers ${allow} only, one of them is needed`;
        return problemResponse(405, detail, { allow });
      },
    }),
  );
  app.use('/v1/top', etag());
  app.use('/v1/predictions/*', etag());
  app.use('/v1/heatmap', etag());
  app.use('/v1/rollouts', etag());
  app.use('/v1/alerts', etag());
  app.use('/v1/rollouts/*', etag());
  app.on('GET', [...parts.uiFiles.keys()], etag());
  addReads(app, parts);
  addStream(app, parts);
  addFeed(app, {
    door: () => parts.feed,
    guarded: (work) => fromStore(logger, work),
  });
  addReports(app, { reports: parts.reports, guarded: (work) => fromStore(logger, work) });
  addHealth(app, parts);
  addUi(app, parts);
  app.notFound((c) => problemResponse(404, `Cannot find ${c.req.path}: nothing is served there, try /v1/top`));
  app.onError((err, c) => {
    if (err instanceof ProblemError) return problemResponse(err.status, err.message);
    logger.error({ err, path: c.req.path }, 'request failed');
    return problemResponse(500, 'Cannot answer: something went wrong here, the log of the API says what');
  });
  return app;
};
