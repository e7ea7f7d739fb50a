import type { ProgramStatus, TopPost, TopPosts } from '@groundswell/wire';
import { useState } from 'react';
import { formatClock, formatMoment } from '../format.ts';
import type { Connection } from '../live/live-state.ts';
import { useCalm } from '../live/use-calm.ts';
import { PostRow } from './post-row.tsx';
import { useAnnouncement } from './use-announcement.ts';
import { useGlide } from './use-glide.ts';

const listLength = 10;
const nothing: readonly TopPost[] = [];

/** Rows of the height of real ones, so that nothing jumps when they come. */
const Skeleton = () => (
  <div className="skeleton" aria-hidden="true">
    {Array.from({ length: listLength }, (_, row) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: all alike
      <div key={row} className="skeleton-row">
        <span />
        <span />
      </div>
    ))}
  </div>
);

const Posts = ({ posts }: { readonly posts: readonly TopPost[] }) => {
  const list = useGlide<HTMLOListElement>();
  // Here and not in the row, so that the rows below glide when one opens.
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (postId: string) => setOpen(open.symmetricDifference(new Set([postId])));
  return (
    <ol className="posts" ref={list}>
      {posts.map((post) => (
        <PostRow key={post.post_id} post={post} isOpen={open.has(post.post_id)} onToggle={toggle} />
      ))}
    </ol>
  );
};

const Waiting = ({ connection }: { readonly connection: Connection }) =>
  connection.kind === 'lost' ? (
    <p className="note">Cannot reach the API. Trying again; the list appears as soon as it answers.</p>
  ) : (
    <>
      <p className="hidden">Asking for the list.</p>
      <Skeleton />
    </>
  );

/** A list that stays empty has a cause; where a program says it, it is said here too. */
const Empty = ({ programs }: { readonly programs: readonly ProgramStatus[] }) => {
  const stalled = programs.flatMap(({ name, health }) => (health.kind === 'stalled' ? [{ name, health }] : []));
  return (
    <div className="empty">
      <p>No post has been scored yet.</p>
      {stalled.map(({ name, health }) => (
        <p key={name} className="note">
          <strong>{name} is stalled.</strong> {health.message}.
        </p>
      ))}
      {stalled.length === 0 && (
        <p className="note">The list fills by itself as soon as the first posts have come in.</p>
      )}
    </div>
  );
};

interface HoldButtonProps {
  readonly isHeld: boolean;
  readonly onToggle: () => void;
}

const HoldButton = ({ isHeld, onToggle }: HoldButtonProps) => (
  <button type="button" className="quiet-button" aria-pressed={isHeld} onClick={onToggle}>
    {isHeld ? 'Resume' : 'Pause'}
    <span className="hidden"> updates of the list</span>
  </button>
);

interface TopPanelProps {
  readonly connection: Connection;
  readonly newest: TopPosts | undefined;
  readonly programs: readonly ProgramStatus[];
}

export const TopPanel = ({ connection, newest, programs }: TopPanelProps) => {
  const [isHeld, setHeld] = useState(false);
  const top = useCalm(newest, isHeld);
  const posts = top?.posts ?? nothing;
  const announcement = useAnnouncement(posts);
  const isStale = connection.kind === 'lost' && top !== undefined;
  return (
    <section className="panel" id="top" aria-labelledby="top-title" tabIndex={-1}>
      <div className="panel-head">
        <h2 id="top-title">About to go viral</h2>
        {top !== undefined && top.at > 0 && <p className="panel-aside">Chance as of {formatMoment(top.at)}</p>}
        {posts.length > 0 && <HoldButton isHeld={isHeld} onToggle={() => setHeld(!isHeld)} />}
      </div>
      {isStale && (
        <p className="banner" role="status">
          The connection was lost at {formatClock(connection.since)}. This is what was known then; trying again.
        </p>
      )}
      <p className="hidden" aria-live="polite">
        {announcement}
      </p>
      {top === undefined && <Waiting connection={connection} />}
      {top !== undefined && posts.length === 0 && <Empty programs={programs} />}
      {posts.length > 0 && <Posts posts={posts} />}
    </section>
  );
};
