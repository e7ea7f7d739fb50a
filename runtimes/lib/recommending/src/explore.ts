import { beta, type Random } from './beta.ts';

/** What is known of how an item does. */
export interface Tried {
  readonly id: string;
  /** How often it was shown. */
  readonly impressions: number;
  /** How often that was a success; at most as many. */
  readonly successes: number;
}

/** What an item is assumed to have done before it was shown at all. Both above 0. */
export interface Prior {
  readonly successes: number;
  readonly failures: number;
}

/**
 * Items in the order in which they should be tried: Thompson sampling. The rate of each item is drawn from what is believed of
 * it, so an item comes first as often as it is believed to be the best, and feedback narrows the belief.
 */
export const thompson = (
  items: readonly Tried[],
  { prior, random }: { readonly prior: Prior; readonly random: Random },
): readonly Tried[] =>
  items
    .map((item) => {
      // Late feedback may count more successes than were shown.
      const failures = Math.max(0, item.impressions - item.successes);
      return { item, rate: beta(prior.successes + item.successes, prior.failures + failures, random) };
    })
    .sort((a, b) => b.rate - a.rate)
    .map(({ item }) => item);
