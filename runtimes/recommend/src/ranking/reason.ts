import type { RecommendProgram } from '@groundswell/graph';
import type { RecommendedItem } from '@groundswell/wire';
import type { Entry } from './entry.ts';
import type { Asking } from './rules.ts';

type Kind = RecommendProgram['candidates'][number]['source']['kind'];

/** Sources that nobody declares: what new users get for what they named at sign-up, and new items that are tried. */
export const interestsSource = 'interests';
export const trialSource = 'exploration';

const texts: Readonly<Record<Kind, string>> = {
  given: 'Named by the request',
  hot: 'Many like it just now',
  predicted: 'Predicted to go viral',
  followed: 'By somebody whom you follow',
  similar: 'Like what you took',
  exploration: 'New',
};

/** Why an item is shown, for people. @param boosts  names of the rules that moved it up */
export const reasonOf = (
  { sources, item, tried }: Entry,
  { user }: Asking,
  { candidates, boosts }: { candidates: RecommendProgram['candidates']; boosts: readonly string[] },
): RecommendedItem['reason'] => {
  const common = item.tags.filter((tag) => user.interests.includes(tag));
  const kindOf = (name: string): Kind | undefined => candidates.find((one) => one.name === name)?.source.kind;
  const found = sources.map(kindOf).find((kind) => kind !== undefined);
  const ofInterests = sources.includes(interestsSource) && common.length > 0;
  const first = tried ? texts.exploration : ofInterests ? `About ${common.join(', ')}` : texts[found ?? 'exploration'];
  return { sources: [...sources], text: [first, ...boosts.map((name) => `moved up by "${name}"`)].join('; ') };
};
