/** How good lists are at naming one item that was held back from each user. */
export interface Accuracy {
  /** Share of users whose item is among the first. 0..1. */
  readonly recall: number;
  /** The same, the more the higher it stands: 1 / log2(place + 1), over users. 0..1. */
  readonly ndcg: number;
}

export interface Answered {
  /** Best first. */
  readonly items: readonly string[];
  /** That was held back. */
  readonly wanted: string;
}

/** @param most  places that count */
export const accuracyOf = (answers: readonly Answered[], most: number): Accuracy => {
  const places = answers.map(({ items, wanted }) => items.slice(0, most).indexOf(wanted));
  const meanOf = (gain: (place: number) => number): number =>
    places.reduce((sum, place) => sum + (place < 0 ? 0 : gain(place)), 0) / Math.max(1, places.length);
  return { recall: meanOf(() => 1), ndcg: meanOf((place) => 1 / Math.log2(place + 2)) };
};

/** What most users took and each has not, for each. */
export const popularFor = (
  taken: readonly (readonly [user: string, item: string])[],
  users: readonly string[],
  most: number,
): readonly (readonly string[])[] => {
  const counts = new Map<string, number>();
  const own = new Map<string, Set<string>>();
  for (const [user, item] of taken) {
    counts.set(item, (counts.get(item) ?? 0) + 1);
    own.set(user, (own.get(user) ?? new Set()).add(item));
  }
  const order = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([item]) => item);
  return users.map((user) => {
    const known = own.get(user);
    const best: string[] = [];
    for (const item of order) {
      if (best.length === most) break;
      if (known?.has(item) !== true) best.push(item);
    }
    return best;
  });
};
