import { compilePredicate } from '@groundswell/cel';
import type { RecommendProgram } from '@groundswell/graph';
import type { Rule } from '@groundswell/recommending';
import type { BlockLists } from '../knowledge/block-lists.ts';
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

export interface Rules {
  of(asking: Asking): readonly Rule<Entry>[];
  /** Whether nobody gets this item, as far as its id says. */
  blocks(id: string): boolean;
  /** Names of the rules that move an entry up. */
  boosting(asking: Asking): (entry: Entry) => readonly string[];
}

type Condition = (entry: Entry, user: SeenUser) => boolean;

const variables = ['post', 'user'];

/** @throws CelError for a condition that does not compile */
export const compileRules = (declared: RecommendProgram['rules'], lists: Pick<BlockLists, 'of'>): Rules => {
  const compiled = declared.map((rule) => ({ rule, condition: 'where' in rule ? conditionOf(rule.where) : fails }));
  const ofAsking = ({ rule, condition }: (typeof compiled)[number], asking: Asking): Rule<Entry> => {
    const seen = seenUser(asking);
    switch (rule.kind) {
      case 'diversity':
        return { kind: 'diversity', maxPerAuthor: rule.maxPerAuthor, inFirst: rule.inFirst };
      case 'dropSeen': {
        const since = asking.at - rule.forMs;
        const { user, isGiven } = asking;
        return { kind: 'drop', drops: ({ id }) => !isGiven && seenAt(user, id) > since };
      }
      case 'block': {
        const blocked = lists.of(rule.list);
        return { kind: 'drop', drops: ({ id, author }) => blocked.has(id) || blocked.has(author) };
      }
      case 'where':
        return { kind: 'drop', drops: (entry) => !condition(entry, seen) };
      case 'boost':
        return { kind: 'boost', holds: (entry) => condition(entry, seen), factor: rule.factor };
    }
  };
  const blocking = declared.filter((rule) => rule.kind === 'block');
  return {
    blocks: (id) => blocking.some(({ list }) => lists.of(list).has(id)),
    of: (asking) => compiled.map((one) => ofAsking(one, asking)),
    boosting: (asking) => {
      const seen = seenUser(asking);
      const boosts = compiled.filter(({ rule }) => rule.kind === 'boost' && rule.factor > 1);
      return (entry) => boosts.flatMap(({ rule, condition }) => (condition(entry, seen) ? [rule.name] : []));
    },
  };
};

/** Of what was never seen. */
const never = Number.NEGATIVE_INFINITY;

/** Shown or acted on, event time in ms. */
const seenAt = ({ shown, acted }: User, id: string): number =>
  Math.max(shown.get(id)?.at ?? never, acted.get(id) ?? never);

const fails: Condition = () => false;

const conditionOf = (source: string): Condition => {
  const holds = compilePredicate(source, { variables });
  return ({ item }, user) => holds({ post: item.event, user });
};

/** As conditions see a user. */
const seenUser = ({ user: { id, tags, interests, actions }, cold }: Asking) => ({
  ...{ user_id: id, tags, interests, actions, cold },
});
type SeenUser = ReturnType<typeof seenUser>;
