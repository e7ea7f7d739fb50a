import type { Random } from './beta.ts';

/** A list that gets a share of an answer. */
export interface Part<T> {
  /** Best first. */
  readonly items: readonly T[];
  /** Not negative; of the sum over all parts. */
  readonly share: number;
}

interface Options<T> {
  readonly idOf: (item: T) => string;
  /** Items of the answer, at most. */
  readonly count: number;
}

/**
 * Mixes lists in proportion to their shares: the next place goes to the part that has had least of what is due to it. What a
 * part has no items for goes to the others; an item comes once, from the part that had it first.
 */
export const mix = <T>(parts: readonly Part<T>[], { idOf, count }: Options<T>): readonly T[] => {
  const lines = parts.map(({ items, share }) => ({ items: items[Symbol.iterator](), share, given: 0 }));
  const open = new Set(lines);
  const taken = new Map<string, T>();
  while (taken.size < count && open.size > 0) {
    const [line] = [...open].sort((a, b) => (a.given + 1) / a.share - (b.given + 1) / b.share);
    if (line === undefined) break;
    const next = nextOf(line.items, (item) => !taken.has(idOf(item)));
    if (next === undefined) open.delete(line);
    else {
      taken.set(idOf(next.item), next.item);
      line.given++;
    }
  }
  return [...taken.values()];
};

const nextOf = <T>(items: Iterator<T>, fits: (item: T) => boolean): { readonly item: T } | undefined => {
  for (let next = items.next(); next.done !== true; next = items.next())
    if (fits(next.value)) return { item: next.value };
  return undefined;
};

/**
 * Gives tried items a share of the places, at places of chance: the number of them is right on average, however short the
 * answer is. Best items keep their order around them.
 */
export const withTrials = <T>(
  best: readonly T[],
  trials: readonly T[],
  { idOf, count, share, random }: Options<T> & { readonly share: number; readonly random: Random },
): readonly T[] => {
  const places = Math.min(count, best.length + trials.length);
  const due = places * share;
  const wanted = Math.floor(due) + Number(random() < due - Math.floor(due));
  const tried = trials.slice(0, wanted);
  const isTried = new Set(tried.map(idOf));
  const others = best.filter((item) => !isTried.has(idOf(item)));
  const rest = [...others.slice(0, Math.max(0, count - tried.length))];
  for (const item of tried) rest.splice(Math.floor(random() * (rest.length + 1)), 0, item);
  return rest;
};
