import { parseId } from '@groundswell/feeds';
import { z } from 'zod';
import { textOf } from '../contract/parameters.ts';
import type { RouteParts } from '../routes/parts.ts';
import type { FeedDoor } from './feed-door.ts';

export interface FeedRoutes {
  /** @throws ProblemError where the pipeline has no Feed */
  readonly door: () => FeedDoor;
  readonly guarded: RouteParts['guarded'];
}

/** Of a post. */
export const postId = () =>
  z
    .string()
    .regex(/^\d{1,16}$/, { error: 'no id, a whole number below 2^53 is needed' })
    .refine((text) => parseId(text) !== undefined, { error: 'no id, a whole number below 2^53 is needed' })
    .describe('Of a post.');

export const userId = () => textOf(512).describe('Of a user.');

export const noFeed = 'The pipeline has no Feed.';
