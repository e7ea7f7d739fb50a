import type { ModelCard, ModelCards } from '@groundswell/wire';
import { formatCount, formatDuration } from '../format.ts';
import { Answered } from '../live/answered.tsx';
import { useAsked } from '../live/use-asked.ts';
import { Training } from './training.tsx';

const Variants = ({ variants }: { readonly variants: ModelCard['variants'] }) => (
  <table className="programs">
    <caption className="hidden">Variants</caption>
    <thead>
      <tr>
        <th scope="col">Variant</th>
        <th scope="col" className="number">
          Share
        </th>
        <th scope="col">File</th>
      </tr>
    </thead>
    <tbody>
      {variants.map(({ name, share, shadow, sha256, uri }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td className="number">{shadow ? 'shadow' : `${share}%`}</td>
          <td>
            <code title={sha256}>{uri}</code>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Predicts = ({ predicts }: Pick<ModelCard, 'predicts'>) =>
  predicts === null ? (
    <p className="note">It names no outcome: its scores are compared with nothing.</p>
  ) : (
    <p>
      Predicts <strong>{predicts.outcome}</strong>: at least {formatCount(predicts.at_least)} within{' '}
      {formatDuration(predicts.within_ms)} of the post, of <code>{predicts.of}</code>.
    </p>
  );

const Card = ({ card }: { readonly card: ModelCard }) => (
  <section className="panel" aria-labelledby={`model-${card.model}`}>
    <div className="panel-head">
      <h2 id={`model-${card.model}`}>{card.model}</h2>
      {card.ages_ms.length > 0 && (
        <p className="panel-aside">
          Scored at {card.ages_ms.map((age) => (age === 0 ? 'once' : formatDuration(age))).join(', ')}
        </p>
      )}
    </div>
    <Predicts predicts={card.predicts} />
    {card.variants.length === 0 ? (
      <p className="note">It has no variants: vectors are logged, nothing is scored.</p>
    ) : (
      <>
        <Variants variants={card.variants} />
        {card.variants.map(
          ({ name, training }) => training !== null && <Training key={name} variant={name} training={training} />,
        )}
      </>
    )}
    <details>
      <summary>{card.features.length} features, in the order of the vector</summary>
      <ol className="features">
        {card.features.map(({ name, from, default: whenMissing }) => (
          <li key={name}>
            <strong>{name}</strong> <code>{from}</code>
            {whenMissing !== null && <span className="note"> else {whenMissing}</span>}
          </li>
        ))}
      </ol>
    </details>
  </section>
);

export const ModelsPage = () => {
  const asked = useAsked<ModelCards>('/v1/models', 15_000);
  return (
    <Answered asked={asked} what="the models">
      {({ models }) =>
        models.length === 0 ? (
          <p className="panel note">The pipeline has no model. A ScoringModel that refers to it appears here.</p>
        ) : (
          models.map((card) => <Card key={card.model} card={card} />)
        )
      }
    </Answered>
  );
};
