import type { PostPredictions } from '@groundswell/wire';
import { formatCount, formatMoment, formatPercent } from '../format.ts';
import { Answered } from '../live/answered.tsx';
import { useAsked } from '../live/use-asked.ts';
import { useParameter } from '../route/route.tsx';
import { ReasonTable } from '../top/reasons.tsx';
import { recordText } from '../top/record.tsx';
import { Sparkline } from '../top/sparkline.tsx';
import { WhatIfPanel } from './what-if.tsx';

const Variants = ({ predictions }: Pick<PostPredictions, 'predictions'>) => (
  <table className="programs">
    <caption className="hidden">Newest score of each variant</caption>
    <thead>
      <tr>
        <th scope="col">Variant</th>
        <th scope="col" className="number">
          Score
        </th>
        <th scope="col">As of</th>
      </tr>
    </thead>
    <tbody>
      {predictions.map(({ variant, shadow, score, scored_at }) => (
        <tr key={variant}>
          <th scope="row">
            {variant}
            {shadow && ' (shadow)'}
          </th>
          <td className="number">{score === null ? 'none' : `${formatPercent(score)}%`}</td>
          <td>{formatMoment(scored_at)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Post = ({ of }: { readonly of: PostPredictions }) => {
  const { post, post_id: id, predictions, history, why, reposts, model, outcome, score_record } = of;
  return (
    <section className="panel" aria-labelledby="post-title">
      <div className="panel-head">
        <h2 id="post-title" dir="auto">
          {post?.author_name ?? post?.author_id ?? id}
        </h2>
        <p className="panel-aside">
          {post !== undefined && `Posted ${formatMoment(post.posted_at)}, `}
          {formatCount(reposts)} reposts, scored by {model}
        </p>
      </div>
      <div className="post-whole">
        {post?.text !== undefined && (
          <p className="post-text" dir="auto">
            {post.text}
          </p>
        )}
        <Sparkline history={history} />
      </div>
      {score_record !== null && <p>{recordText(score_record)}.</p>}
      <p>
        {outcome === null
          ? 'What became of it is not known yet.'
          : `Predicted, and now known: ${outcome.positive ? '' : 'not '}${outcome.outcome}, with ${formatCount(outcome.value)} by ${formatMoment(outcome.matured_at)}.`}
      </p>
      <Variants predictions={predictions} />
      {why.length > 0 ? (
        <div className="reasons">
          <ReasonTable reasons={why} />
        </div>
      ) : (
        <p className="note">Reasons are kept for the first of the top alone; below they are found anew.</p>
      )}
    </section>
  );
};

/** All that is known of one post, and what it would score if it were otherwise. */
export const PostPage = () => {
  const id = useParameter('id');
  const path = `/v1/predictions/${encodeURIComponent(id)}`;
  const asked = useAsked<PostPredictions>(id === '' ? undefined : path, 5000);
  if (id === '') return <p className="panel note">The address names no post: it ends with ?id= and the id of one.</p>;
  return (
    <Answered asked={asked} what="the post">
      {(of) => (
        <>
          <Post of={of} />
          <WhatIfPanel path={`${path}/what-if`} />
        </>
      )}
    </Answered>
  );
};
