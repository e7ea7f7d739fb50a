import type { ListFan, ScoredMember } from '../key-value.ts';
import type { Hash } from './hash.ts';
import type { SortedSet } from './sorted-set.ts';

/** The page that comes next, and the cursor behind it; undefined where guard or cursor say that somebody else has written. */
export const fanPageOf = (
  { guard, cursor, count }: ListFan,
  state: Hash | undefined,
  set: SortedSet | undefined,
): { readonly members: readonly ScoredMember[]; readonly cursor: string } | undefined => {
  if (state?.get(guard.field) !== guard.value || state.get(cursor.field) !== cursor.from) return undefined;
  const from = cursor.from === undefined ? Number.NEGATIVE_INFINITY : Number(cursor.from);
  const members = set?.above(from, count) ?? [];
  const last = members.length === count ? members.at(-1) : undefined;
  return { members, cursor: last === undefined ? cursor.done : String(last.score) };
};
