import { RankedFeed, TimelinePage } from '@groundswell/wire';
import { z } from 'zod';
import { limit } from '../contract/parameters.ts';
import { type Route, route } from '../contract/route.ts';
import { type FeedRoutes, noFeed, postId, userId } from './parameters.ts';

const ofUser = z.strictObject({ user: userId() });

export const timelineRoutes = ({ door, guarded }: FeedRoutes): readonly Route[] => [
  route({
    ...{ method: 'get', path: '/v1/timelines/{user}', id: 'readTimeline', tag: 'Timelines' },
    summary: 'What a user sees',
    params: ofUser,
    query: z.strictObject({
      limit: limit(20),
      cursor: postId().optional().describe('`next_cursor` of the page before; absent: the newest.'),
    }),
    answer: { status: 200, what: 'Posts of followed accounts, newest first.', schema: TimelinePage },
    problems: { 404: noFeed },
    handle: ({ params: { user }, query }) => {
      const { timelines } = door();
      const before = query.cursor === undefined ? undefined : Number(query.cursor);
      return guarded(() => timelines.read(user, { limit: query.limit, before }));
    },
  }),
  route({
    ...{ method: 'get', path: '/v1/ranked/{user}', id: 'readRanked', tag: 'Timelines' },
    summary: 'Followed accounts by score',
    params: ofUser,
    query: z.strictObject({ limit: limit(20) }),
    answer: { status: 200, what: 'Highest first, each with its newest posts.', schema: RankedFeed },
    problems: { 404: 'The pipeline has no Feed, or it has no ranking.' },
    handle: ({ params: { user }, query }) => {
      const { rankings } = door();
      return guarded(() => rankings.read(user, query.limit));
    },
  }),
];
