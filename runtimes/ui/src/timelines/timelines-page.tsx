import type { TimelinePage } from '@groundswell/wire';
import { type SubmitEvent, useState } from 'react';
import { formatMoment } from '../format.ts';
import { Answered } from '../live/answered.tsx';
import { useAsked } from '../live/use-asked.ts';

const Posts = ({ page }: { readonly page: TimelinePage }) =>
  page.posts.length === 0 ? (
    <p className="note">Nothing yet: {page.user_id} follows nobody, or nobody of them has posted.</p>
  ) : (
    <ol className="timeline">
      {page.posts.map(({ post_id, author_id, text, at }) => (
        <li key={post_id}>
          <p className="byline">
            <strong className="author" dir="auto">
              {author_id}
            </strong>
            <time dateTime={new Date(at).toISOString()}>{formatMoment(at)}</time>
          </p>
          <p dir="auto">{text}</p>
        </li>
      ))}
    </ol>
  );

/** What a user of the Feed sees now. */
export const TimelinesPage = () => {
  const [user, setUser] = useState<string>();
  const path = user === undefined ? undefined : `/v1/timelines/${encodeURIComponent(user)}`;
  const asked = useAsked<TimelinePage>(path, 5000);
  const choose = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget).get('user') ?? '').trim();
    if (wanted !== '') setUser(wanted);
  };
  return (
    <section className="panel" aria-labelledby="timeline-title">
      <div className="panel-head">
        <h2 id="timeline-title">What does a user see?</h2>
      </div>
      <form className="ask" onSubmit={choose}>
        <label htmlFor="user">User</label>
        <input id="user" name="user" autoComplete="off" maxLength={512} required />
        <button type="submit" className="quiet-button">
          Show
        </button>
      </form>
      {user === undefined ? (
        <p className="note">The timeline of whoever is named here, newest first.</p>
      ) : (
        <Answered asked={asked} what="the timeline" className="note">
          {(page) => <Posts page={page} />}
        </Answered>
      )}
    </section>
  );
};
