import type { TopPost } from '@groundswell/wire';
import { formatPercent } from '../format.ts';

export const authorOf = (post: TopPost): string => post.author_name ?? post.author_id;

/** What a screen reader says of a change of the list: who leads and how many are new. undefined when neither changed. */
export const announcementOf = (before: readonly TopPost[], after: readonly TopPost[]): string | undefined => {
  const [leader] = after;
  if (leader === undefined) return undefined;
  const known = new Set(before.map((post) => post.post_id));
  const fresh = after.filter((post) => !known.has(post.post_id)).length;
  const leads =
    before[0]?.post_id === leader.post_id ? '' : `${authorOf(leader)} leads with ${formatPercent(leader.score)}%. `;
  const entered = fresh === 0 ? '' : `${fresh} new in the top ${after.length}.`;
  const text = `${leads}${entered}`.trim();
  return text === '' ? undefined : text;
};
