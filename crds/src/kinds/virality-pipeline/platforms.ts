import { z } from 'zod';
import { exactlyOne, type Rule, withRules } from '../../rules.ts';
import { listByName, listOf } from '../../shared/collections.ts';
import { backoff } from '../../shared/connections.ts';
import { positiveDuration } from '../../shared/duration.ts';
import { live, recreate, rolling } from '../../shared/field.ts';
import { secretKeyReference } from '../../shared/references.ts';
import { name, percent, text, url } from '../../shared/scalars.ts';

/** What a metered API may cost. */
const Quota = withRules(
  z.strictObject({
    perMonth: live(z.int().min(1).optional(), 'Posts in a billing month, at most.'),
    perDay: live(z.int().min(1).optional(), 'Posts in a day, at most.'),
    resetDay: live(z.int().min(1).max(28).default(1), 'Day of the month on which the month begins.'),
    reserve: live(percent().default(1), 'Percent that is kept back.'),
    whenShort: live(
      z.enum(['Sample', 'Pause']).default('Sample'),
      'Sample: posts are thinned by a hash, and windows weigh the rest by the inverse. Pause: stop until there is quota again.',
    ),
  }),
  [
    {
      cel: 'has(self.perMonth) || has(self.perDay)',
      message: 'give perMonth, perDay or both',
      holds: ({ perMonth, perDay }) => perMonth !== undefined || perDay !== undefined,
    },
  ],
);

const filterRule = z.strictObject({
  name: live(name(), 'Tag of the rule; events carry it in attributes.rule.'),
  value: live(text(4096), "What to match, in X's rule language."),
});

const filteredNeedsRules: Rule<{ stream: string; rules: readonly unknown[] }> = {
  cel: "(self.stream == 'Filtered') == (self.rules.size() > 0)",
  message: 'stream: Filtered needs rules, and stream: Sample takes none',
  holds: ({ stream, rules }) => (stream === 'Filtered') === rules.length > 0,
};

/** X API v2. Its waits on errors are those that X documents, and no field. */
export const XSource = withRules(
  z.strictObject({
    stream: recreate(
      z.enum(['Filtered', 'Sample']).default('Filtered'),
      'Posts that match `rules`, or a sample of all.',
    ),
    tokenRef: rolling(secretKeyReference(), 'Bearer token of the app.'),
    endpoint: rolling(url('https', 'http').default('https://api.x.com'), 'Where the API is.'),
    rules: live(
      listByName(filterRule, { max: 1000 }).prefault([]),
      'Rules of the filtered stream, kept in sync with the account.',
    ),
    foreignRules: live(
      z.enum(['Keep', 'Remove', 'Refuse']).default('Refuse'),
      'What to do about rules of the account that are not listed: leave them, delete them, or wait for a person.',
    ),
    backfillMinutes: rolling(
      z.int().min(0).max(5).default(0),
      'Minutes that X sends again after a gap. Needs access that allows it.',
    ),
    redundant: rolling(
      z.boolean().default(false),
      'A second connection at the same time. Needs access that allows it.',
    ),
    heartbeatTimeout: rolling(positiveDuration().prefault('20s'), 'Silence after which the connection counts as dead.'),
    compliance: rolling(
      z.boolean().default(true),
      'Takes the stream of deletes and changes, where the access allows it.',
    ),
    quota: live(Quota.optional(), 'What may be read. Absent: as much as comes.'),
  }),
  [filteredNeedsRules],
);

const streams = {
  public: rolling(
    z.strictObject({ local: rolling(z.boolean().default(false), 'Only posts of this instance.') }).optional(),
    'All public posts.',
  ),
  hashtag: rolling(
    z
      .strictObject({
        tag: rolling(text(256), 'Hashtag, without #.'),
        local: rolling(z.boolean().default(false), 'Only posts of this instance.'),
      })
      .optional(),
    'Posts with a hashtag.',
  ),
  list: rolling(
    z.strictObject({ id: rolling(text(64), 'Id of the list.') }).optional(),
    'Posts of a list of the account.',
  ),
};

const Instance = withRules(
  z.strictObject({
    url: rolling(url('https', 'http'), 'Where the instance is.'),
    tokenRef: rolling(secretKeyReference().optional(), 'Access token, where the instance wants one.'),
    ...streams,
  }),
  [exactlyOne(Object.keys(streams))],
);

export const MastodonSource = z.strictObject({
  instances: rolling(
    listOf(Instance, { min: 1, max: 32 }),
    'Instances and what to follow on each. Posts seen twice count once.',
  ),
  transport: rolling(z.enum(['WebSocket', 'ServerSentEvents']).default('WebSocket'), 'How events come.'),
  heartbeatTimeout: rolling(positiveDuration().prefault('45s'), 'Silence after which the connection counts as dead.'),
  backoff: rolling(backoff({ initial: '500ms', max: '1m' }).prefault({}), 'Waits between connections.'),
});
