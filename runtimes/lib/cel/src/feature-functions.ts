/**
 * Functions that feature expressions may call besides the standard ones. The compiler checks against this list;
 * `@groundswell/features` implements exactly these.
 */
export const featureFunctionNames = [
  /** Of a text: −1 (negative) to 1 (positive). */
  'sentiment',
  /** Counts in a text. */
  'words',
  'characters',
  'letters',
  'questions',
  'exclamations',
  'emojis',
  'mentions',
  'hashtags',
  'links',
  /** Share of the letters of a text that are capital, 0 to 1. */
  'uppercase',
  /** Of `created_at` and `at`, in ms: whole and part days between them, at least 0. */
  'account_age_days',
] as const;

/** How many arguments each takes. */
export const featureFunctionParameters: Readonly<Record<(typeof featureFunctionNames)[number], number>> = {
  sentiment: 1,
  words: 1,
  characters: 1,
  letters: 1,
  questions: 1,
  exclamations: 1,
  emojis: 1,
  mentions: 1,
  hashtags: 1,
  links: 1,
  uppercase: 1,
  account_age_days: 2,
};
