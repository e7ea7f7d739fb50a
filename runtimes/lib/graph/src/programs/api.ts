import { z } from 'zod';
import { FeedView } from './feed.ts';
import { programBase, Topic } from './program.ts';

export const ApiProgram = z.strictObject({
  kind: z.literal('api'),
  ...programBase,
  /** ScoringModels that it shows; the first is the default of `/v1/top`. */
  models: z.array(z.string()),
  /** Key of the `series` sink that the heatmap reads, and the window that writes it. */
  heatmap: z.strictObject({ window: z.string(), key: z.string() }).optional(),
  /** The Feed whose posts and timelines it takes and gives. */
  feed: FeedView.optional(),
  /** What others may report of posts, by name, and the topic of events that takes it. */
  reports: z
    .strictObject({
      outcomes: z.array(z.string()),
      events: Topic,
      keyBy: z.enum(['post_id', 'user_id', 'author_id', 'at']),
    })
    .optional(),
  /** Serves the UI beside the API. */
  ui: z.boolean(),
});

export type ApiProgram = z.output<typeof ApiProgram>;
