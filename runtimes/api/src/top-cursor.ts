import { ProblemError } from '@groundswell/http';
import type { ScoredMember } from '@groundswell/stores';
import { z } from 'zod';

/** The last entry of a page. Not its rank: others move while somebody turns pages. */
const Place = z.tuple([z.number(), z.string()]);

export const cursorOf = ({ score, member }: ScoredMember): string =>
  Buffer.from(JSON.stringify([score, member])).toString('base64url');

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};

/** @throws ProblemError for a text that is no cursor of ours */
export const placeOf = (cursor: string | undefined): ScoredMember | undefined => {
  if (cursor === undefined) return undefined;
  const place = Place.safeParse(parse(cursor));
  if (!place.success)
    throw new ProblemError(400, 'Cannot turn the page: the cursor is none of ours, next_cursor of a page is needed');
  const [score, member] = place.data;
  return { score, member };
};

/** Whether an entry comes behind the place, where the highest score is first, and of equal ones the last by name. */
export const isBehind = (place: ScoredMember, { score, member }: ScoredMember): boolean =>
  score < place.score || (score === place.score && Buffer.compare(Buffer.from(member), Buffer.from(place.member)) < 0);
