import type { TopPost } from '@groundswell/wire';
import { useId } from 'react';
import { formatCompact, formatCount, formatDuration, formatMoment, formatPercent } from '../format.ts';
import { authorOf } from './announcement.ts';
import { PostReasons, ReasonLine } from './reasons.tsx';
import { Actual, Record } from './record.tsx';
import { Sparkline } from './sparkline.tsx';

/** More are noise beside the text. */
const shownTags = 4;

const Tags = ({ tags }: { readonly tags: readonly string[] }) => (
  <ul className="tags" aria-label="Tags">
    {tags.map((tag) => (
      <li key={tag} dir="auto">
        #{tag}
      </li>
    ))}
  </ul>
);

const Byline = ({ post }: { readonly post: TopPost }) => (
  <div className="byline">
    <strong className="author" dir="auto">
      {authorOf(post)}
    </strong>
    <span>
      <time dateTime={new Date(post.posted_at).toISOString()} title={`Posted ${formatMoment(post.posted_at)}`}>
        {formatDuration(post.age_ms)}
      </time>{' '}
      old
    </span>
    <span title={`${formatCount(post.reposts)} reposts`}>
      {formatCompact(post.reposts)} {post.reposts === 1 ? 'repost' : 'reposts'}
    </span>
    {post.tags !== undefined && post.tags.length > 0 && <Tags tags={post.tags.slice(0, shownTags)} />}
  </div>
);

type Scored = Pick<TopPost, 'score' | 'score_record' | 'outcome'>;

const Score = ({ score, score_record: record, outcome }: Scored) => (
  <div className="score">
    <p className="score-number">
      <span className="hidden">Score </span>
      {formatPercent(score)}
      <span className="score-unit">%</span>
    </p>
    <div className="score-bar" aria-hidden="true">
      <div className="score-fill" style={{ transform: `scaleX(${score})` }} />
    </div>
    {outcome !== null && <Actual outcome={outcome} />}
    {record !== null && outcome === null && <Record record={record} />}
  </div>
);

interface PostRowProps {
  readonly post: TopPost;
  /** All its reasons are shown. */
  readonly isOpen: boolean;
  readonly onToggle: (postId: string) => void;
}

/** One post: who and what on the left, how it grows and how likely on the right, and why below. */
export const PostRow = ({ post, isOpen, onToggle }: PostRowProps) => {
  const detailsId = useId();
  const { text, why } = post;
  return (
    <li className="post" data-id={post.post_id}>
      <p className="rank">
        <span className="hidden">Rank </span>
        {post.rank}
      </p>
      <div className="post-body">
        <Byline post={post} />
        {text === undefined ? (
          <p className="post-text post-text-missing">
            Post <code>{post.post_id}</code>
          </p>
        ) : (
          <p className="post-text" dir="auto">
            {text}
          </p>
        )}
      </div>
      <Sparkline history={post.history} />
      <Score {...post} />
      <div className="why">
        <ReasonLine reasons={why.slice(0, 3)} />
        <button
          type="button"
          className="why-button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? detailsId : undefined}
          onClick={() => onToggle(post.post_id)}
        >
          <span className="chevron" aria-hidden="true" />
          Why<span className="hidden"> does the post of {authorOf(post)} score so</span>
        </button>
        {isOpen && <PostReasons post={post} id={detailsId} />}
      </div>
    </li>
  );
};
