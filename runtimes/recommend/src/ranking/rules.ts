import type { Sight } from '@groundswell/recommending';
import type { User } from '../knowledge/user.ts';
import type { Entry } from './entry.ts';

/** A user as rules see one. */
export interface Asking {
  readonly user: User;
  readonly cold: boolean;
  /** Event time, ms. */
  readonly at: number;
  /** The request names what it wants ranked: then it may have been seen. */
  readonly isGiven: boolean;
}

export const sightOf = ({ user, cold, at, isGiven }: Asking): Sight<Entry> => {
  const { id: user_id, tags, interests, actions, shown, acted } = user;
  return {
    postOf: ({ item }) => item.event,
    user: { user_id, tags, interests, actions, cold },
    at,
    // Shown or acted on.
    seenAt: (id) => (isGiven ? undefined : Math.max(shown.get(id)?.at ?? never, acted.get(id) ?? never)),
  };
};

const never = Number.NEGATIVE_INFINITY;
