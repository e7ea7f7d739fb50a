import type { ModelTraining } from '@groundswell/wire';
import { formatCount, formatMoment, formatName, formatPercent } from '../format.ts';

/** Features that are shown; the others are in the API. */
const shown = 5;

const rounded = (value: number | null): string => (value === null ? 'unknown' : String(+value.toPrecision(4)));

const boundOf = ({ min, max }: ModelTraining['gates'][number]): string =>
  [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])].join(', ');

const Facts = ({ training }: { readonly training: ModelTraining }) => {
  const { algorithm, rows, posts, positives, held_out, champion } = training;
  return (
    <dl>
      <dt>Made by</dt>
      <dd>{algorithm.type}</dd>
      <dt>Of</dt>
      <dd>
        {formatCount(rows)} rows of {formatCount(posts)} posts, {formatCount(positives)} positive, posted from{' '}
        {formatMoment(training.posted_from)} to {formatMoment(training.posted_to)}{' '}
        <code title="sha256 of the rows">{training.rows_sha256.slice(0, 12)}</code>
      </dd>
      <dt>On {formatCount(held_out.rows)} held-out rows</dt>
      <dd>
        {Object.entries(held_out.metrics)
          .map(([metric, value]) => `${metric} ${rounded(value)}`)
          .join(', ')}
      </dd>
      <dt>Gates</dt>
      <dd>
        {training.gates
          .map((gate) => `${gate.metric} ${boundOf(gate)}: ${rounded(gate.value)}${gate.passed ? '' : ', not passed'}`)
          .join('; ') || 'none'}
      </dd>
      {champion !== null && (
        <>
          <dt>Against the champion</dt>
          <dd>
            Auc {rounded(champion.auc)} to {rounded(champion.champion_auc)} on {formatCount(champion.rows)} rows
          </dd>
        </>
      )}
    </dl>
  );
};

/** Where the model of a variant comes from. */
export const Training = ({ variant, training }: { readonly variant: string; readonly training: ModelTraining }) => (
  <details>
    <summary>How {variant} was trained</summary>
    <Facts training={training} />
    <p>What its score stands on most:</p>
    <ol className="features">
      {Object.entries(training.importances)
        .sort(([, a], [, b]) => b - a)
        .slice(0, shown)
        .map(([feature, share]) => (
          <li key={feature}>
            <strong>{formatName(feature)}</strong> {formatPercent(share)}
            {(training.summary.features[feature]?.missing ?? 0) > 0 && (
              <span className="note">
                {' '}
                missing in {formatPercent(training.summary.features[feature]?.missing ?? 0)} of the rows
              </span>
            )}
          </li>
        ))}
    </ol>
  </details>
);
