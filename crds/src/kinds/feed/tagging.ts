import { z } from 'zod';
import { withRules } from '../../rules.ts';
import { mapOf, setOf } from '../../shared/collections.ts';
import { positiveDuration } from '../../shared/duration.ts';
import { live, rolling } from '../../shared/field.ts';
import { workload } from '../../shared/pods.ts';
import { secretKeyReference } from '../../shared/references.ts';
import { fraction, text, url } from '../../shared/scalars.ts';
import { artifact } from '../scoring-model/variant.ts';
import { consumer } from './delivery.ts';

const Llm = z.strictObject({
  url: live(url('https', 'http'), 'OpenAI-compatible endpoint, up to /v1.'),
  model: live(text(256), 'Model to ask.'),
  keyRef: live(secretKeyReference().optional(), 'API key.'),
  perMinute: live(
    z.int().min(1).max(1_000_000).default(60),
    'Requests in a minute, at most; other posts are tagged locally.',
  ),
  timeout: live(positiveDuration().prefault('5s'), 'Longest wait for an answer; then the post is tagged locally.'),
  cacheTtl: live(positiveDuration().prefault('7d'), 'Equal texts are asked once in so long.'),
});

/** Which of the declared tags a post gets. */
export const Tagging = withRules(
  z.strictObject({
    tags: live(setOf(text(64), { min: 1, max: 500 }), 'The tags that there are.'),
    perPost: live(z.int().min(1).max(50).default(5), 'Tags of a post, at most.'),
    minScore: live(fraction().default(0.2), 'A tag that is less certain is left out.'),
    local: rolling(
      z
        .strictObject({ artifact: live(artifact(), 'Text classifier: text in, one probability for each tag out.') })
        .optional(),
      'A small model in the program.',
    ),
    llm: live(Llm.optional(), 'A language model behind a URL; `local` steps in where it does not answer.'),
    ...consumer(),
    ...workload(),
  }),
  [
    {
      cel: 'has(self.local) || has(self.llm)',
      message: 'give local, llm or both: something has to choose the tags',
      holds: ({ local, llm }) => local !== undefined || llm !== undefined,
    },
  ],
);

/** What a user likes, as weights of tags that fade. */
export const Tastes = z.strictObject({
  halfLife: live(positiveDuration().prefault('7d'), 'Time after which an action counts half.'),
  weights: live(
    mapOf(z.number(), 32).prefault({ click: 1, like: 2, repost: 3 }),
    'Weight of each type of action; others count 0.',
  ),
  keep: live(z.int().min(1).max(500).default(20), 'Strongest tags that are used.'),
});
