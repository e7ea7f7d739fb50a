import type { PipelineStatus } from '@groundswell/wire';
import { formatClock, formatCompact, formatDuration, formatMoment, formatRate } from '../format.ts';
import type { Connection } from '../live/live-state.ts';

const wordsOf = (connection: Connection): string => {
  switch (connection.kind) {
    case 'connecting':
      return 'Connecting';
    case 'live':
      return 'Live';
    case 'lost':
      return 'Reconnecting';
  }
};

interface FactProps {
  readonly name: string;
  readonly children: string;
  /** Left out where there is little room. */
  readonly isMinor?: boolean;
}

const Fact = ({ name, children, isMinor = false }: FactProps) => (
  <div className={isMinor ? 'fact fact-minor' : 'fact'}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Facts = ({ status }: { readonly status: PipelineStatus }) => {
  const { programs, events, events_per_second: rate, watermark_lag_ms: lag, event_time: eventTime } = status;
  const ready = programs.filter(({ health }) => health.kind === 'ready').length;
  return (
    <dl className="facts">
      {eventTime !== null && <Fact name="Event time">{formatMoment(eventTime)}</Fact>}
      {rate !== null && <Fact name="Events">{formatRate(rate)}</Fact>}
      {events !== null && (
        <Fact name="In total" isMinor>
          {formatCompact(events)}
        </Fact>
      )}
      {lag !== null && <Fact name="Watermark behind">{formatDuration(lag)}</Fact>}
      <Fact name="Programs ready">{`${ready} of ${programs.length}`}</Fact>
    </dl>
  );
};

interface StatusLineProps {
  readonly connection: Connection;
  readonly status: PipelineStatus | undefined;
}

export const StatusLine = ({ connection, status }: StatusLineProps) => (
  <div className={connection.kind === 'lost' ? 'status-line status-line-stale' : 'status-line'}>
    {status !== undefined && <Facts status={status} />}
    <p className={`connection connection-${connection.kind}`} role="status">
      <span className="connection-dot" aria-hidden="true" />
      {wordsOf(connection)}
      {connection.kind === 'lost' && <span className="connection-since"> since {formatClock(connection.since)}</span>}
    </p>
  </div>
);
