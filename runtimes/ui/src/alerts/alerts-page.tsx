import type { AlertDelivery, AlertEntry, Alerts } from '@groundswell/wire';
import { formatDuration, formatMoment, formatPercent } from '../format.ts';
import { Answered } from '../live/answered.tsx';
import { useAsked } from '../live/use-asked.ts';

const tones = { held: 'waiting', waiting: 'waiting', sent: 'ready', failed: 'stalled' } as const;
const severityTones = { Info: 'ready', Warning: 'waiting', Critical: 'stalled' } as const;

const Delivery = ({ delivery: { channel, state, problem } }: { readonly delivery: AlertDelivery }) => (
  <li className={`state state-${tones[state]}`}>
    {channel} {state}
    {problem !== undefined && `, ${problem}`}
  </li>
);

const Entry = ({ entry }: { readonly entry: AlertEntry }) => {
  const { severity, title, text, rule, fired_at, ended_at, score, age_ms, deliveries } = entry;
  return (
    <li className="alert">
      <p className="byline">
        <span className={`state state-${severityTones[severity]}`}>{severity}</span>
        <strong className="author" dir="auto">
          {title}
        </strong>
        <time dateTime={new Date(fired_at).toISOString()}>{formatMoment(fired_at)}</time>
      </p>
      {text !== '' && <p dir="auto">{text}</p>}
      <p className="note">
        Rule {rule}
        {score !== null && `, at ${formatPercent(score)}%`}, {formatDuration(age_ms)} after the post
        {ended_at !== undefined && `; ended ${formatMoment(ended_at)}`}.
      </p>
      <ul className="deliveries" aria-label="Channels">
        {deliveries.map((delivery) => (
          <Delivery key={delivery.channel} delivery={delivery} />
        ))}
      </ul>
    </li>
  );
};

const History = ({ alerts }: Alerts) => (
  <section className="panel" aria-labelledby="alerts-title">
    <div className="panel-head">
      <h2 id="alerts-title">Alerts</h2>
    </div>
    {alerts.length === 0 ? (
      <p className="note">Nobody was told anything yet. Rules of spec.alerts say who is told, and when.</p>
    ) : (
      <ol className="timeline">
        {alerts.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
    )}
  </section>
);

/** What people were told, newest first. */
export const AlertsPage = () => {
  const asked = useAsked<Alerts>('/v1/alerts?limit=50', 5000);
  return (
    <Answered asked={asked} what="the alerts">
      {(history) => <History {...history} />}
    </Answered>
  );
};
