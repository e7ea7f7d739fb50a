import { shareOf } from '@groundswell/recommending';
import type { SocialEvent } from '@groundswell/wire';

/** Events with what the Recommender calls them. */
export interface Input {
  readonly events: readonly SocialEvent[];
  readonly isItem: (event: SocialEvent) => boolean;
  readonly isSuccess: (event: SocialEvent) => boolean;
}

export interface Held {
  readonly user: string;
  readonly item: string;
}

/** A question to the Recommender: what it is told, and what it is asked about. */
export interface Split {
  readonly told: readonly SocialEvent[];
  /** One for each user: the last item that it took. */
  readonly held: readonly Held[];
}

/** The first success of each user with each item, in the order of the events. */
export const takesAmong = (events: readonly SocialEvent[], { isItem, isSuccess }: Input): readonly SocialEvent[] => {
  const takes = new Map<string, SocialEvent>();
  for (const event of events) {
    const { user_id: user, post_id: item } = event;
    if (user === '' || item === '' || isItem(event) || !isSuccess(event)) continue;
    const pair = truthOf(user, item);
    if (!takes.has(pair)) takes.set(pair, event);
  }
  return [...takes.values()];
};

/** What each user took, in the order of time. */
const takenBy = (input: Input): Map<string, string[]> => {
  const taken = new Map<string, string[]>();
  for (const { user_id, post_id } of takesAmong(input.events, input)) {
    const own = taken.get(user_id);
    if (own === undefined) taken.set(user_id, [post_id]);
    else own.push(post_id);
  }
  return taken;
};

/** Of each user who took at least two items, the last one, with all that the user did with it. */
export const leaveLastOut = (input: Input): Split => {
  const held = new Map<string, string>();
  for (const [user, own] of takenBy(input)) {
    const last = own.at(-1);
    if (own.length >= 2 && last !== undefined) held.set(user, last);
  }
  return {
    told: input.events.filter((event) => input.isItem(event) || held.get(event.user_id) !== event.post_id),
    held: [...held].map(([user, item]) => ({ user, item })),
  };
};

/** Users of whom nothing is told, and items on which nobody's actions are. */
export interface ColdSplit extends Split {
  /** Of each new user the first items that it took: what it would name at sign-up. */
  readonly firsts: ReadonlyMap<string, readonly string[]>;
  /** Events with which the new items appear, after all others. */
  readonly appearing: readonly SocialEvent[];
  /** Who in truth took a new item: user and item. */
  readonly truth: ReadonlySet<string>;
  readonly known: readonly string[];
}

/** So many users are new. */
const newUserShare = 0.25;
const mostNewItems = 100;
/** A new item has to have had some success in truth. */
const leastTakers = 10;
const namedItems = 3;

export const truthOf = (user: string, item: string): string => JSON.stringify([user, item]);

export const hideNew = (input: Input): ColdSplit => {
  const { events, isItem } = input;
  const taken = takenBy(input);
  const isNewUser = (user: string): boolean => shareOf(`user ${user}`) < newUserShare;
  const items = newItemsOf([...taken.values()]);
  const end = events.reduce((last, { at }) => Math.max(last, at), 0);
  const users = [...taken].filter(([user, own]) => isNewUser(user) && own.length >= 2 * namedItems);
  return {
    told: events.filter((event) => !items.has(event.post_id) && (isItem(event) || !isNewUser(event.user_id))),
    held: users.map(([user, own]) => ({ user, item: own.at(-1) ?? '' })),
    firsts: new Map(users.map(([user, own]) => [user, own.slice(0, namedItems)])),
    appearing: events
      .filter((event) => isItem(event) && items.has(event.post_id))
      .map((event) => ({ ...event, at: end, ingested_at: end })),
    truth: new Set(
      [...taken].flatMap(([user, own]) => own.filter((item) => items.has(item)).map((item) => truthOf(user, item))),
    ),
    known: [...taken.keys()].filter((user) => !isNewUser(user)),
  };
};

const newItemsOf = (taken: readonly (readonly string[])[]): ReadonlySet<string> => {
  const takers = new Map<string, number>();
  for (const own of taken) for (const item of own) takers.set(item, (takers.get(item) ?? 0) + 1);
  const often = [...takers].filter(([, count]) => count >= leastTakers).map(([item]) => item);
  const drawn = often.sort((a, b) => shareOf(`item ${a}`) - shareOf(`item ${b}`));
  return new Set(drawn.slice(0, mostNewItems));
};
