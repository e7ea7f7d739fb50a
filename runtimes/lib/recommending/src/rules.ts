/** What is done to a ranked list before it is answered. Conditions are compiled already. */
export type Rule<T> =
  /** At most so many of one author among so many at the top; the others come behind. */
  | { readonly kind: 'diversity'; readonly maxPerAuthor: number; readonly inFirst: number }
  | { readonly kind: 'drop'; readonly drops: (entry: T) => boolean }
  | { readonly kind: 'boost'; readonly holds: (entry: T) => boolean; readonly factor: number };

export interface Scored {
  readonly id: string;
  readonly author: string;
  /** Undefined where nothing is known: behind all that have one, in the order in which they came. */
  readonly score: number | undefined;
}

/** Highest score first, then as they came. Infinite and missing scores included, so that the order is total. */
export const byScore = <T extends Scored>(entries: readonly T[]): readonly T[] =>
  entries
    .map((entry, place) => ({ entry, place, score: entry.score ?? Number.NEGATIVE_INFINITY }))
    .sort((a, b) => (a.score === b.score ? a.place - b.place : b.score - a.score))
    .map(({ entry }) => entry);

/** Applies the rules, one after another. A score that was boosted is shown boosted. */
export const applyRules = <T extends Scored>(entries: readonly T[], rules: readonly Rule<T>[]): readonly T[] => {
  let list = entries;
  for (const rule of rules) list = apply(list, rule);
  return list;
};

const apply = <T extends Scored>(list: readonly T[], rule: Rule<T>): readonly T[] => {
  switch (rule.kind) {
    case 'drop':
      return list.filter((entry) => !rule.drops(entry));
    case 'boost': {
      const boosts = list.map((entry) => entry.score !== undefined && rule.holds(entry));
      if (!boosts.includes(true)) return list;
      return byScore(
        list.map((entry, i) => (boosts[i] === true ? { ...entry, score: (entry.score ?? 0) * rule.factor } : entry)),
      );
    }
    case 'diversity':
      return diverse(list, rule);
  }
};

const diverse = <T extends Scored>(
  list: readonly T[],
  { maxPerAuthor, inFirst }: { readonly maxPerAuthor: number; readonly inFirst: number },
): readonly T[] => {
  const counts = new Map<string, number>();
  const [first, later]: [T[], T[]] = [[], []];
  for (const entry of list) {
    const count = counts.get(entry.author) ?? 0;
    if (first.length < inFirst && count < maxPerAuthor) {
      counts.set(entry.author, count + 1);
      first.push(entry);
    } else later.push(entry);
  }
  return [...first, ...later];
};
