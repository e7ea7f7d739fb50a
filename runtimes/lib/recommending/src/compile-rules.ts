import { compilePredicate } from '@groundswell/cel';
import type { RankingRule, ValueReference } from '@groundswell/graph';
import type { Rule, Scored } from './rules.ts';

/** How rules see one request and its entries. */
export interface Sight<T> {
  /** As conditions see the entry. */
  readonly postOf: (entry: T) => unknown;
  /** As conditions see who asks. */
  readonly user: unknown;
  /** ms. */
  readonly at: number;
  /** When this was seen last, ms; undefined for never. */
  readonly seenAt: (id: string) => number | undefined;
}

export interface CompiledRules {
  of<T extends Scored>(sight: Sight<T>): readonly Rule<T>[];
  /** Whether nobody gets this, as far as its id says. */
  blocks(id: string): boolean;
  /** Names of the rules that move an entry up. */
  boosting<T>(sight: Sight<T>): (entry: T) => readonly string[];
}

interface Lists {
  of(list: ValueReference): ReadonlySet<string>;
}

/** @throws CelError for a condition that does not compile */
export const compileRules = (declared: readonly RankingRule[], lists: Lists): CompiledRules => {
  const compiled = declared.map((rule) => ({ rule, condition: 'where' in rule ? conditionOf(rule.where) : fails }));
  const ruleOf = <T extends Scored>({ rule, condition }: (typeof compiled)[number], sight: Sight<T>): Rule<T> => {
    const { postOf, user, at, seenAt } = sight;
    switch (rule.kind) {
      case 'diversity':
        return { kind: 'diversity', maxPerAuthor: rule.maxPerAuthor, inFirst: rule.inFirst };
      case 'dropSeen': {
        const since = at - rule.forMs;
        return { kind: 'drop', drops: ({ id }) => (seenAt(id) ?? Number.NEGATIVE_INFINITY) > since };
      }
      case 'block': {
        const blocked = lists.of(rule.list);
        return { kind: 'drop', drops: ({ id, author }) => blocked.has(id) || blocked.has(author) };
      }
      case 'where':
        return { kind: 'drop', drops: (entry) => !condition(postOf(entry), user) };
      case 'boost':
        return { kind: 'boost', holds: (entry) => condition(postOf(entry), user), factor: rule.factor };
    }
  };
  const blocking = declared.filter((rule) => rule.kind === 'block');
  const boosts = compiled.filter(({ rule }) => rule.kind === 'boost' && rule.factor > 1);
  return {
    of: (sight) => compiled.map((one) => ruleOf(one, sight)),
    blocks: (id) => blocking.some(({ list }) => lists.of(list).has(id)),
    boosting: (sight) => (entry) =>
      boosts.flatMap(({ rule, condition }) => (condition(sight.postOf(entry), sight.user) ? [rule.name] : [])),
  };
};

type Condition = (post: unknown, user: unknown) => boolean;

const fails: Condition = () => false;

const conditionOf = (source: string): Condition => {
  const holds = compilePredicate(source, { variables: ['post', 'user'] });
  return (post, user) => holds({ post, user });
};
