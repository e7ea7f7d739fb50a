import { ProblemError } from '@groundswell/http';
import { PostPredictions, TopPosts } from '@groundswell/wire';
import { z } from 'zod';
import { cursor, limit, modelName, textOf } from '../contract/parameters.ts';
import { type Route, route } from '../contract/route.ts';
import { modelOf } from '../queries.ts';
import { placeOf } from '../top-cursor.ts';
import type { RouteParts } from './parts.ts';

export const scoreRoutes = ({ program, readings, guarded }: RouteParts): readonly Route[] => [
  route({
    ...{ method: 'get', path: '/v1/top', id: 'listTop', tag: 'Scores', cached: true },
    summary: 'Posts that are most likely to go viral',
    query: z.strictObject({ limit: limit(10), model: modelName(), cursor: cursor() }),
    answer: { status: 200, what: 'Highest score first.', schema: TopPosts },
    problems: { 404: 'There is no such model.' },
    handle: ({ query }) => {
      const model = modelOf(query, program());
      const after = placeOf(query.cursor);
      return guarded(() => readings.top(model, { limit: query.limit, after }));
    },
  }),
  route({
    ...{
      method: 'get',
      path: '/v1/predictions/{id}',
      id: 'readPredictions',
      tag: 'Scores',
      cached: true,
    },
    summary: 'All that is known of the scores of one post',
    params: z.strictObject({ id: textOf(512).describe('Of the post.') }),
    query: z.strictObject({ model: modelName() }),
    answer: { status: 200, what: 'Each variant, the history, and why.', schema: PostPredictions },
    problems: { 404: 'There is no such model, it has scored no such post, or the post expired.' },
    handle: async ({ params: { id }, query }) => {
      const model = modelOf(query, program());
      const found = await guarded(() => readings.predictions(model, id));
      if (found !== undefined) return found;
      throw new ProblemError(
        404,
        `Cannot show predictions of post "${id}": model "${model.name}" has scored no such post, or it expired`,
      );
    },
  }),
];
