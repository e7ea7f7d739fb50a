import { ProblemError } from '@groundswell/http';
import { PipelineStatus } from '@groundswell/wire';
import { z } from 'zod';
import { limit, modelName, textOf } from '../contract/parameters.ts';
import { type Route, route } from '../contract/route.ts';
import { subjectsOf } from '../subjects.ts';
import type { RouteParts } from './parts.ts';

/** More would only mean that somebody opens streams and forgets them. */
const maxStreams = 1000;

export const pipelineRoutes = (parts: RouteParts): readonly Route[] => [
  route({
    ...{ method: 'get', path: '/v1/status', id: 'readStatus', tag: 'Pipeline', cached: true },
    summary: 'What the pipeline is doing',
    answer: { status: 200, what: 'Rates, watermarks, ledgers and health of its programs.', schema: PipelineStatus },
    handle: () => parts.status(),
  }),
  streamRoute(parts),
];

const streamRoute = (parts: RouteParts): Route =>
  route({
    ...{ method: 'get', path: '/v1/stream', id: 'stream', tag: 'Pipeline' },
    summary: 'The newest states as server-sent events, whenever they change',
    query: z.strictObject({
      events: textOf(64)
        .default('top')
        .describe('Some of top, status, heatmap and rollouts, with commas between them.'),
      limit: limit(10),
      model: modelName(),
    }),
    answer: {
      status: 200,
      what: 'Each event is a whole state, as the request of that name answers it. With `Last-Event-ID`, a state that the client has is not sent again.',
      schema: z.string(),
      mediaType: 'text/event-stream',
    },
    problems: { 404: 'There is no such model.' },
    handle: async ({ query, context: c }) => {
      const subjects = subjectsOf(query, parts);
      if (parts.pump.clients() >= maxStreams)
        throw new ProblemError(
          503,
          `Cannot open another stream: ${maxStreams} are open, close some or try again later`,
        );
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
      if (c.req.method === 'HEAD') return c.body(null, 200, headers);
      const seen = c.req.header('last-event-id');
      const body = await parts.pump.follow(subjects, { seen, drop: () => c.env.outgoing.destroy() });
      return c.body(body, 200, headers);
    },
  });
