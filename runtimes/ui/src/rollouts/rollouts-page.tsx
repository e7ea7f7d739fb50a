import type { RolloutHistory, RolloutStatus, Rollouts } from '@groundswell/wire';
import { formatCount, formatDuration, formatMoment } from '../format.ts';
import { useAsked } from '../live/use-asked.ts';
import { Decide } from './decide.tsx';
import { EvidenceChart } from './evidence-chart.tsx';

const unknown = '–';
const fixed = (value: number | null, digits: number): string => (value === null ? unknown : value.toFixed(digits));
const withRange = (value: number | null, low: number | null, high: number | null): string =>
  value === null || low === null || high === null
    ? fixed(value, 3)
    : `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;

const toneOf = ({ phase, verdict }: RolloutStatus): 'ready' | 'waiting' | 'stalled' => {
  if (phase === 'Aborted' || ['Worse', 'SplitWrong', 'GuardrailBroken'].includes(verdict.state)) return 'stalled';
  return phase === 'Promoted' || verdict.state === 'Better' ? 'ready' : 'waiting';
};

const Shares = ({ champion, challenger }: RolloutStatus) => {
  const share = challenger.share / Math.max(1, champion.share + challenger.share);
  return (
    <div className="shares">
      <p className="shares-words">
        <span>
          {champion.name} <strong>{fixed(champion.share, 0)}%</strong>
        </span>
        <span>
          {challenger.name} <strong>{fixed(challenger.share, 0)}%</strong>
        </span>
      </p>
      <div className="shares-bar" aria-hidden="true">
        <div className="shares-challenger" style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
};

type Measured = RolloutStatus['champion'];

const measures: readonly { readonly name: string; readonly of: (measured: Measured) => string }[] = [
  { name: 'Labels', of: ({ labels }) => formatCount(labels) },
  { name: 'Positives', of: ({ positives }) => formatCount(positives) },
  { name: 'AUC', of: ({ auc, aucLow, aucHigh }) => withRange(auc, aucLow, aucHigh) },
  { name: 'Log loss', of: ({ logLoss }) => fixed(logLoss, 4) },
  { name: 'Calibration error', of: ({ calibrationError }) => fixed(calibrationError, 4) },
  { name: 'Lift in the top tenth', of: ({ liftAt10 }) => fixed(liftAt10, 2) },
  { name: 'Latency, 99th percentile', of: ({ p99Ms }) => (p99Ms === null ? unknown : formatDuration(p99Ms)) },
];

const Compared = ({ champion, challenger }: RolloutStatus) => (
  <table className="programs">
    <caption className="hidden">Champion and challenger on matured labels</caption>
    <thead>
      <tr>
        <td />
        <th scope="col" className="number">
          {champion.name}
        </th>
        <th scope="col" className="number">
          {challenger.name}
        </th>
      </tr>
    </thead>
    <tbody>
      {measures.map(({ name, of }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td className="number">{of(champion)}</td>
          <td className="number">{of(challenger)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Rollout = ({ status }: { readonly status: RolloutStatus }) => {
  const { model, phase, step, steps, verdict, doing, since, at, waiting, missing } = status;
  const asked = useAsked<RolloutHistory>(`/v1/rollouts/${encodeURIComponent(model)}/history`, 5000);
  return (
    <section className="panel" aria-labelledby={`rollout-${model}`}>
      <div className="panel-head">
        <h2 id={`rollout-${model}`}>{model}</h2>
        <p className="panel-aside">
          {phase}, step {Math.min(step + 1, steps)} of {steps}, for {formatDuration(Math.max(0, at - since))}
        </p>
      </div>
      <p>
        <span className={`state state-${toneOf(status)}`}>{verdict.state}</span> {verdict.reason}
      </p>
      <p className="note">
        {doing}. {formatCount(waiting)} posts wait for their label
        {missing > 0 && `, of ${formatCount(missing)} it never came`}
        {verdict.labelsNeeded !== null && `; about ${formatCount(verdict.labelsNeeded)} labels are needed`}
        {verdict.expectedAt !== null && `, expected ${formatMoment(verdict.expectedAt)}`}.
      </p>
      <Shares {...status} />
      {asked.kind === 'answered' && <EvidenceChart points={asked.value.points} />}
      {asked.kind === 'refused' && <p className="note">{asked.why}</p>}
      <Compared {...status} />
      <Decide status={status} />
    </section>
  );
};

export const RolloutsPage = ({ rollouts }: { readonly rollouts: Rollouts | undefined }) => {
  if (rollouts === undefined) return <p className="panel note">Asking for the rollouts.</p>;
  if (rollouts.rollouts.length === 0)
    return (
      <p className="panel note">
        No rollout is under way. A ScoringModel with two variants and a rollout shows here how its challenger does.
      </p>
    );
  return rollouts.rollouts.map((status) => <Rollout key={status.model} status={status} />);
};
