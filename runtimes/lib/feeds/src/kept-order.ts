import type { Ranked } from './rank.ts';

/**
 * How the followed accounts of a user lie in a sorted set, so that they come highest score first and equal scores by name: by
 * negative scores, behind one mark, which says since when the set was kept up to date:
 *
 *     \0<runs>/<id>      -inf     runs of those who kept it up to date when it was made, and what tells it from all others
 *     <account>         -score
 */
export interface Kept {
  readonly member: string;
  readonly score: number;
}

const before = '\0';

export const markOf = (runs: string, id: number): string => `${before}${runs}/${id}`;

/** Not -0, which would be another text. */
export const keptScore = (score: number): number => 0 - score;

/** Undefined for a set that was made in other runs, or is not there. @param kept  from its start */
export const parseKept = (kept: readonly Kept[], runs: string): readonly Ranked[] | undefined => {
  const [mark, ...rest] = kept;
  if (mark?.member.startsWith(`${before}${runs}/`) !== true) return undefined;
  return rest.map(({ member, score }) => ({ author: member, score: 0 - score }));
};
