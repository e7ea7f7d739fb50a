import type { ListFan, ScoredMember, SortedFan } from '../key-value.ts';
import type { Hash } from './hash.ts';
import type { SortedSet } from './sorted-set.ts';

interface Page {
  readonly members: readonly ScoredMember[];
  readonly cursor: string;
}

/** The page that comes next, and the cursor behind it; undefined where guard or cursor say that somebody else has written. */
export const fanPageOf = (
  { guard, cursor, count }: ListFan,
  state: Hash | undefined,
  set: SortedSet | undefined,
): Page | undefined => {
  if (state?.get(guard.field) !== guard.value || state.get(cursor.field) !== cursor.from) return undefined;
  return pageFrom(set, { from: cursor.from, count, done: cursor.done });
};

/** The same of a SortedFan. */
export const sortedPageOf = (
  { guard, from, count }: SortedFan,
  state: Hash | undefined,
  set: SortedSet | undefined,
): Page | undefined => (state?.get(guard.field) === guard.value ? pageFrom(set, { from, count, done: '' }) : undefined);

const pageFrom = (
  set: SortedSet | undefined,
  { from, count, done }: { readonly from: string | undefined; readonly count: number; readonly done: string },
): Page => {
  const members = set?.above(from === undefined ? Number.NEGATIVE_INFINITY : Number(from), count) ?? [];
  const last = members.length === count ? members.at(-1) : undefined;
  return { members, cursor: last === undefined ? done : String(last.score) };
};
