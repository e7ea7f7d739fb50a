/**
 * Where things lie in the key-value store, for writers and readers alike. Results of windows lie where their sinks say.
 * `pipeline` is the pipeline's name, `model` the ScoringModel's.
 */
export const keysOf = (pipeline: string) => {
  const under = `gs:${pipeline}`;
  return {
    /**
     * Hash of a window: shard → how far event time has come there, ms, see `watermarkOf`. What is older than a feature's
     * maxStaleness behind now is stale.
     */
    watermarks: (window: string, revision = '') => `${under}:watermarks:${window}${behind(revision)}`,
    /**
     * Hash of a window: `place`, see `resultsPlace`; `facts`, which revisions of it there are; `done:<revision>:<shard>`, the
     * turn as of which all of that shard's results are where they should be.
     */
    revisions: (window: string) => `${under}:revisions:${window}`,
    /** Results of a revision lie beside those of another one: keys of its sinks behind this. */
    beside: (window: string, revision: string) => `${under}:beside:${window}${behind(revision)}:`,
    /** Counter: the epoch that the last worker drew who took shards of the window over. */
    epochs: (window: string) => `${under}:epochs:${window}`,
    /** Guards of what the window writes begin so. */
    fence: (window: string) => `${under}:fence:${window}`,
    /** Hash of a post: `card` (PostCard as JSON), `reposts` (a number), `event` (SocialEvent as JSON), `outcome:NAME` (PostOutcome as JSON). */
    post: (postId: string) => `${under}:post:${postId}`,
    /** Hash: variant → newest Prediction as JSON. */
    prediction: (model: string, postId: string) => `${under}:prediction:${model}:${postId}`,
    /** List, newest first: `{"at":…,"score":…}` of the variant that answers. */
    history: (model: string, postId: string) => `${under}:history:${model}:${postId}`,
    /** Sorted set: post id by newest score of the variant that answers. */
    top: (model: string) => `${under}:top:${model}`,
    /** Hash: post id → why (Reason[] as JSON), for posts in the top. */
    why: (model: string) => `${under}:why:${model}`,
    /** Hash: variant → what serves as it (ServedVariant as JSON). */
    served: (model: string) => `${under}:served:${model}`,
    /** Hash: sha256 of an artifact → what its scores came to (Calibration as JSON). */
    calibration: (model: string) => `${under}:calibration:${model}`,
    /** Hash: `status` (RolloutStatus as JSON). */
    rollout: (model: string) => `${under}:rollout:${model}`,
    /** Sorted set: ids of alerts by when they fired, wall time. */
    alerts: `${under}:alerts`,
    /** Hash of an alert: `alert` (Alert as JSON), `ended` (wall time), and `channel:NAME` (AlertDelivery as JSON). */
    alert: (id: string) => `${under}:alert:${id}`,
    /** Hash: all that the worker that tells alerts has to remember; and who that is. */
    alerting: `${under}:alerting`,
    /** How far each webhook was told. */
    webhooks: `${under}:webhooks`,
    alertingLease: `${under}:alerting-lease`,
    alertingEpoch: `${under}:alerting-epoch`,
    alertingFence: `${under}:alerting-fence`,
    /** Hash: `value`, what the secret of a browser stands for, by its SHA-256. */
    ticket: (kind: string, digest: string) => `${under}:ticket:${kind}:${digest}`,
    /** List, newest first: RolloutPoint as JSON, one for each look at the evidence. */
    rolloutHistory: (model: string) => `${under}:rollout-history:${model}`,
  };
};

/** Of the hash of a post. */
export const outcomeField = (outcome: string): string => `outcome:${outcome}`;

/** The first revision of a window has no name. */
const behind = (revision: string): string => (revision === '' ? '' : `:${revision}`);

/** Where the results of the revision of a window are that is in force. */
export interface ResultsPlace {
  /** Before the keys of sinks. */
  readonly prefix: string;
  /** The hash that says how far it is. */
  readonly watermarks: string;
}

/** What readers are told in the field `place` of `revisions`. */
export const placeText = (revision: string, where: 'declared' | 'beside'): string => `${revision} ${where}`;

/** @param told undefined: the window was never defined anew */
export const resultsPlace = (pipeline: string, window: string, told: string | undefined): ResultsPlace => {
  const [revision = '', where] = (told ?? '').split(' ');
  const keys = keysOf(pipeline);
  return {
    prefix: where === 'beside' ? keys.beside(window, revision) : '',
    watermarks: keys.watermarks(window, revision),
  };
};

/** Names of a pipeline's topics. */
export const topicsOf = (pipeline: string) => ({
  events: `${pipeline}.events`,
  deadLetters: `${pipeline}.dead-letters`,
  predictions: `${pipeline}.predictions`,
  outcomes: `${pipeline}.outcomes`,
  decisions: `${pipeline}.decisions`,
  alerts: `${pipeline}.alerts`,
  checkpoints: `${pipeline}.checkpoints`,
  /** Events of a window by its own key, where the events topic has another; `definition` tells which events, and how. */
  rekeyed: (window: string, definition: string) => `${pipeline}.rekeyed.${window}.${definition}`,
  /** States of a window's shards. */
  changelog: (window: string) => `${pipeline}.changelog.${window}`,
  /** Posts of the API, for feeds. */
  posts: `${pipeline}.posts`,
  /** One post for the followers of one shard, for the workers of a feed. */
  fanOut: (feed: string) => `${pipeline}.fan-out.${feed}`,
  /** What a Recommender showed, and what came of it. */
  recommendations: (recommender: string) => `${pipeline}.recommendations.${recommender}`,
  late: (window: string) => `${pipeline}.late.${window}`,
  results: (window: string) => `${pipeline}.results.${window}`,
});

/** The parts of a key template: text and names in turn. `post:{post_id}:x` is `['post:', 'post_id', ':x']`. */
export const parseTemplate = (template: string): readonly string[] => template.split(/\{([a-z_][a-z0-9_]*)\}/);

/** Fills a parsed template; `textOf` answers for each name. */
export const fillTemplate = (parts: readonly string[], textOf: (name: string) => string): string => {
  let filled = '';
  for (let i = 0; i < parts.length; i++) filled += i % 2 === 0 ? parts[i] : textOf(parts[i] ?? '');
  return filled;
};

/** How far a shard has come; `idle` where nothing comes in there, so that it does not hold back the others. */
export const watermarkText = (watermark: number, idle: boolean): string => `${idle ? '~' : ''}${watermark}`;

/** Of one shard, idle or not; −Infinity where it has said nothing. */
export const watermarkNumber = (text: string | undefined): number =>
  text === undefined ? Number.NEGATIVE_INFINITY : Number(text.replace('~', ''));

/** The watermark of a window, of those of its shards: the smallest that is not idle, else the largest. */
export const watermarkOf = (shards: Readonly<Record<string, string>>): number | undefined => {
  const texts = Object.values(shards);
  const active = texts.filter((text) => !text.startsWith('~')).map(Number);
  if (active.length > 0) return Math.min(...active);
  return texts.length === 0 ? undefined : Math.max(...texts.map((text) => Number(text.slice(1))));
};
