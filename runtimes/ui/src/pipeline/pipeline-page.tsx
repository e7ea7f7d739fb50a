import type { PipelineStatus, ProgramStatus } from '@groundswell/wire';
import { formatCompact, formatCount, formatDuration, formatMilliseconds, formatMoment, formatRate } from '../format.ts';
import { latenciesOf, stagesOf } from './stages.ts';

const unknown = '–';

const Node = ({ program }: { readonly program: ProgramStatus }) => {
  const { name, health, records_per_second: rate, watermark_lag_ms: lag, ledger } = program;
  return (
    <li className={`node node-${health.kind}`}>
      <strong>{name}</strong>
      <span className="node-facts">
        <span>{rate === null ? unknown : formatRate(rate)}</span>
        {lag !== null && <span>{formatDuration(lag)} behind</span>}
        {ledger !== undefined && ledger.dead_lettered > 0 && (
          <span className="node-bad">{formatCompact(ledger.dead_lettered)} dead letters</span>
        )}
      </span>
      <span className={`state state-${health.kind}`}>{health.kind}</span>
    </li>
  );
};

/** From left to right as an event passes through; one column below the other where there is little room. */
const Graph = ({ status }: { readonly status: PipelineStatus }) => (
  <ol className="graph">
    {stagesOf(status).map(({ name, programs }) => (
      <li key={name} className="stage">
        <h3>{name}</h3>
        <ul>
          {programs.map((program) => (
            <Node key={program.name} program={program} />
          ))}
        </ul>
      </li>
    ))}
  </ol>
);

const Trouble = ({ programs }: { readonly programs: readonly ProgramStatus[] }) => {
  const ill = programs.flatMap(({ name, health }) => (health.kind === 'ready' ? [] : [{ name, health }]));
  if (ill.length === 0) return <p className="note">Every program works.</p>;
  return (
    <ul className="troubles">
      {ill.map(({ name, health }) => (
        <li key={name}>
          <span className={`state state-${health.kind}`}>{health.kind}</span> <strong>{name}</strong> {health.reason}:{' '}
          {health.message}
        </li>
      ))}
    </ul>
  );
};

const parts = ['in', 'aggregated', 'late', 'filtered', 'duplicate', 'dead_lettered'] as const;

const LedgerTable = ({ programs }: { readonly programs: readonly ProgramStatus[] }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
  <section className="scrolls" aria-label="The ledger, by window" tabIndex={0}>
    <table className="programs ledger-table">
      <thead>
        <tr>
          <th scope="col">Window</th>
          {parts.map((part) => (
            <th key={part} scope="col" className="number">
              {part === 'in' ? 'read' : part.replace('_', '-')}
            </th>
          ))}
          <th scope="col">Adds up</th>
          <th scope="col" className="number">
            Watermark
          </th>
        </tr>
      </thead>
      <tbody>
        {programs.map(({ name, ledger, watermark }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {parts.map((part) => (
              <td key={part} className="number">
                {ledger === undefined ? unknown : formatCount(ledger[part])}
              </td>
            ))}
            <td>
              <span className={ledger?.conserved === false ? 'state state-stalled' : 'state state-ready'}>
                {ledger?.conserved === false ? 'no' : 'yes'}
              </span>
            </td>
            <td className="number">{watermark === null ? unknown : formatMoment(watermark)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const LatencyTable = ({ programs }: { readonly programs: readonly ProgramStatus[] }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
  <section className="scrolls" aria-label="Latencies, by stage" tabIndex={0}>
    <table className="programs ledger-table">
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col">Program</th>
          <th scope="col" className="number">
            Median
          </th>
          <th scope="col" className="number">
            99 of 100
          </th>
          <th scope="col" className="number">
            Measured
          </th>
        </tr>
      </thead>
      <tbody>
        {latenciesOf(programs).map(({ program, stage, count, p50_ms: p50, p99_ms: p99 }) => (
          <tr key={`${stage} ${program}`}>
            <th scope="row">{stage}</th>
            <td>{program}</td>
            <td className="number">{formatMilliseconds(p50)}</td>
            <td className="number">{formatMilliseconds(p99)}</td>
            <td className="number">{formatCompact(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

export const PipelinePage = ({ status }: { readonly status: PipelineStatus | undefined }) => {
  if (status === undefined)
    return (
      <section className="panel" aria-label="Pipeline">
        <p className="note">Waiting for the status of the programs.</p>
      </section>
    );
  const withLedger = status.programs.filter(({ ledger }) => ledger !== undefined);
  return (
    <>
      <section className="panel" aria-labelledby="graph-title">
        <div className="panel-head">
          <h2 id="graph-title">From event to answer</h2>
          <p className="panel-aside">Running for {formatDuration(status.at - status.started_at)}</p>
        </div>
        <Graph status={status} />
      </section>
      <section className="panel" aria-labelledby="trouble-title">
        <div className="panel-head">
          <h2 id="trouble-title">What needs a look</h2>
        </div>
        <Trouble programs={status.programs} />
      </section>
      {latenciesOf(status.programs).length > 0 && (
        <section className="panel" aria-labelledby="latency-title">
          <div className="panel-head">
            <h2 id="latency-title">How long each stage takes</h2>
            <p className="panel-aside">The last minutes</p>
          </div>
          <LatencyTable programs={status.programs} />
        </section>
      )}
      {withLedger.length > 0 && (
        <section className="panel" aria-labelledby="ledger-title">
          <div className="panel-head">
            <h2 id="ledger-title">Where every event went</h2>
          </div>
          <LedgerTable programs={withLedger} />
        </section>
      )}
    </>
  );
};
