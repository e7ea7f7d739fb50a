import type { Reason, TopPost } from '@groundswell/wire';
import { formatEffect, formatMoment } from '../format.ts';
import { Link, postPath } from '../route/route.tsx';

const signOf = ({ effect }: Reason): string => (effect < 0 ? 'down' : 'up');

/** The strongest reasons in one line. */
export const ReasonLine = ({ reasons }: { readonly reasons: readonly Reason[] }) => (
  <ul className="reason-line">
    {reasons.map((reason) => (
      <li key={reason.feature}>
        {reason.text} <span className={`effect effect-${signOf(reason)}`}>{formatEffect(reason.effect)}</span>
      </li>
    ))}
  </ul>
);

const Bar = ({ share }: { readonly share: number }) => (
  <span className="effect-bar" aria-hidden="true">
    <span
      className={share < 0 ? 'effect-bar-fill effect-bar-down' : 'effect-bar-fill effect-bar-up'}
      style={{ transform: `scaleX(${Math.abs(share)})` }}
    />
  </span>
);

/** All reasons with their weights. */
export const ReasonTable = ({ reasons }: { readonly reasons: readonly Reason[] }) => {
  const strongest = Math.max(...reasons.map(({ effect }) => Math.abs(effect)), Number.MIN_VALUE);
  return (
    <table>
      <caption className="hidden">What each feature adds to the score, in points of a percent</caption>
      <thead className="hidden">
        <tr>
          <th scope="col">Why</th>
          <th scope="col">Weight</th>
          <th scope="col">Points</th>
        </tr>
      </thead>
      <tbody>
        {reasons.map((reason) => (
          <tr key={reason.feature}>
            <th scope="row">
              {reason.text} <code>{reason.feature}</code>
            </th>
            <td>
              <Bar share={reason.effect / strongest} />
            </td>
            <td className={`number effect effect-${signOf(reason)}`}>{formatEffect(reason.effect)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** All reasons of a post, who scored it and when, and the way to all that is known of it. */
export const PostReasons = ({ post, id }: { readonly post: TopPost; readonly id: string }) => (
  <div className="reasons" id={id}>
    {post.why.length > 0 && <ReasonTable reasons={post.why} />}
    <p className="note">
      {post.why.length === 0 && 'No reasons are known for this score. '}
      Post <Link to={postPath(post)}>{post.post_id}</Link>, posted {formatMoment(post.posted_at)}, scored by{' '}
      {post.model}/{post.variant}.{post.why.length > 0 && ' Points: how far the score would fall without it.'}
    </p>
  </div>
);
