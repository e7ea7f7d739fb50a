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

/** A post is scored at several ages, and its text stays. So many texts are remembered, and no longer ones: 20 MB at most. */
const mostTexts = 10_000;
const mostCharacters = 1000;

const ofText = (compute: (text: string) => number): CelFunction => {
  const known = new Map<string, number>();
  return (text) => {
    if (typeof text !== 'string') return undefined;
    if (text.length > mostCharacters) return compute(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= mostTexts) known.clear();
    const value = compute(text);
    known.set(text, value);
    return value;
  };
};

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
