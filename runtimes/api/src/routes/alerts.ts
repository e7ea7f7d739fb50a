import { Alerts } from '@groundswell/wire';
import { z } from 'zod';
import { limit, textOf } from '../contract/parameters.ts';
import { type Route, route } from '../contract/route.ts';
import type { RouteParts } from './parts.ts';

export const alertRoutes = ({ readings, guarded }: RouteParts): readonly Route[] => [
  route({
    ...{ method: 'get', path: '/v1/alerts', id: 'listAlerts', tag: 'Scores', cached: true },
    summary: 'What people were told, and what became of it',
    query: z.strictObject({
      limit: limit(10),
      after: textOf(512).optional().describe('`next` of the page before; absent: the newest.'),
    }),
    answer: { status: 200, what: 'Newest first.', schema: Alerts },
    handle: ({ query }) => guarded(() => readings.alerts(query.limit, query.after)),
  }),
];
