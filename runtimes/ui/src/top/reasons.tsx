import type { Reason, TopPost } from '@groundswell/wire';
import { formatEffect, formatMoment } from '../format.ts';

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

/** All reasons with their weights, and who scored the post and when. */
export const ReasonTable = ({ post, id }: { readonly post: TopPost; readonly id: string }) => {
  const strongest = Math.max(...post.why.map(({ effect }) => Math.abs(effect)), Number.MIN_VALUE);
  return (
    <div className="reasons" id={id}>
      {post.why.length > 0 && (
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
            {post.why.map((reason) => (
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
      )}
      <p className="note">
        {post.why.length === 0 && 'No reasons are known for this score. '}
        Post <code>{post.post_id}</code>, posted {formatMoment(post.posted_at)}, scored by {post.model}/{post.variant}.
        {post.why.length > 0 && ' Points: how far the score would fall without it.'}
      </p>
    </div>
  );
};
