import type { TopPost, TopPosts } from '@groundswell/wire';
import { fit, formatAge, formatCount, formatTime } from './format.ts';
import { type Paint, plain } from './paint.ts';

const because = (post: TopPost): string => post.why.map((reason) => reason.text).join(', ');
const subject = (post: TopPost): string => post.text ?? post.tags?.map((tag) => `#${tag}`).join(' ') ?? post.post_id;

/** Where a score is high, as the page has it. */
const likely = 0.8;

const row = (post: TopPost, width: number, paint: Paint): string => {
  const fixed = `${String(post.rank).padStart(3)}  ${post.score.toFixed(3)}  ${formatAge(post.age_ms).padStart(4)}  ${formatCount(post.reposts).padStart(7)}  `;
  const rest = Math.max(20, width - fixed.length - 2);
  const half = Math.floor(rest / 2);
  const shown = fit(`${post.author_name ?? post.author_id}: ${subject(post)}`, half);
  const why = fit(because(post), rest - half).trimEnd();
  return `${post.score >= likely ? paint(['bold', 'red'], fixed) : fixed}${shown}  ${paint('dim', why)}`.trimEnd();
};

/** The list as lines of text, for a terminal of `width` columns: rank, score, age, reposts, post, why. */
export const renderTop = (top: TopPosts, width: number, paint: Paint = plain): readonly string[] => [
  top.posts.length === 0 ? 'No predictions yet' : `Most likely to go viral, at ${formatTime(top.at)}`,
  paint('dim', `${'  #  score   age  reposts  '}post and why`),
  ...top.posts.map((post) => row(post, width, paint)),
];
