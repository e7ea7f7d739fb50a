import type { CelFunction, featureFunctionNames } from '@groundswell/cel';
import { sentimentOf } from './sentiment.ts';
import {
  charactersOf,
  emojisOf,
  exclamationsOf,
  hashtagsOf,
  lettersOf,
  linksOf,
  mentionsOf,
  questionsOf,
  uppercaseOf,
  wordsOf,
} from './text.ts';

const dayMs = 86_400_000;

const ofText =
  (compute: (text: string) => number): CelFunction =>
  (text) =>
    typeof text === 'string' ? compute(text) : undefined;

const accountAgeDays: CelFunction = (createdAt, at) =>
  typeof createdAt === 'number' && typeof at === 'number' ? Math.max(0, at - createdAt) / dayMs : undefined;

/** What feature expressions may call besides the standard functions. The same list as the compiler checks against. */
export const featureFunctions: Readonly<Record<(typeof featureFunctionNames)[number], CelFunction>> = {
  sentiment: ofText(sentimentOf),
  words: ofText(wordsOf),
  characters: ofText(charactersOf),
  letters: ofText(lettersOf),
  questions: ofText(questionsOf),
  exclamations: ofText(exclamationsOf),
  emojis: ofText(emojisOf),
  mentions: ofText(mentionsOf),
  hashtags: ofText(hashtagsOf),
  links: ofText(linksOf),
  uppercase: ofText(uppercaseOf),
  account_age_days: accountAgeDays,
};
