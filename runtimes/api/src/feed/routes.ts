import { ProblemError } from '@groundswell/http';
import type { Route } from '../contract/route.ts';
import type { RouteParts } from '../routes/parts.ts';
import type { FeedDoor } from './feed-door.ts';
import { postRoutes } from './post-routes.ts';
import { relationRoutes } from './relation-routes.ts';
import { timelineRoutes } from './timeline-routes.ts';

export const feedRoutes = ({ feed, guarded }: RouteParts): readonly Route[] => {
  const door = (): FeedDoor => {
    if (feed !== undefined) return feed;
    throw new ProblemError(404, 'Cannot use posts and timelines: the pipeline has no Feed, one is needed');
  };
  const parts = { door, guarded };
  return [...postRoutes(parts), ...relationRoutes(parts), ...timelineRoutes(parts)];
};
