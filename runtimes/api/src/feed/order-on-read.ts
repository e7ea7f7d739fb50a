import { type AccountScores, accountScoresOf, type Ranked } from '@groundswell/feeds';
import type { FeedView } from '@groundswell/graph';
import type { KeyValue } from '@groundswell/stores';
import type { Follows } from './follows.ts';

export type Ranking = NonNullable<FeedView['ranking']>;

/** Scores of all accounts that a user follows, as the window has them now, in no order. Two round trips. */
export type OrderOnRead = (user: string, ranking: Ranking) => Promise<readonly Ranked[]>;

interface OrderOnReadOptions {
  readonly keyValue: KeyValue;
  readonly follows: Follows;
}

export const createOrderOnRead = ({ keyValue, follows }: OrderOnReadOptions): OrderOnRead => {
  let known: { readonly of: Ranking; readonly scores: AccountScores } | undefined;

  return async (user, ranking) => {
    if (known?.of !== ranking) known = { of: ranking, scores: accountScoresOf(ranking) };
    const { hashOf, fields, scoreOf } = known.scores;
    const authors = await follows.following(user);
    if (authors.length === 0) return [];
    const batch = keyValue.batch();
    const replies = authors.map((author) => batch.hashGet(hashOf(author), fields));
    await batch.run();
    return authors.flatMap((author, i): readonly Ranked[] => {
      const score = scoreOf(replies[i]?.value() ?? []);
      return score === undefined ? [] : [{ author, score }];
    });
  };
};
