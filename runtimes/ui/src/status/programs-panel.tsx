import type { Ledger, PipelineStatus, ProgramHealth, ProgramStatus } from '@groundswell/wire';
import { formatCount, formatDuration, formatRate } from '../format.ts';

const unknown = '–';

const State = ({ health }: { readonly health: ProgramHealth }) => (
  <span className={`state state-${health.kind}`}>{health.kind}</span>
);

const ProgramRows = ({ program }: { readonly program: ProgramStatus }) => {
  const { name, health, records_per_second: rate, watermark_lag_ms: lag } = program;
  return (
    <>
      <tr>
        <th scope="row">{name}</th>
        <td>
          <State health={health} />
        </td>
        <td className="number">{rate === null ? unknown : formatRate(rate)}</td>
        <td className="number">{lag === null ? unknown : formatDuration(lag)}</td>
      </tr>
      {health.kind !== 'ready' && (
        <tr className="trouble">
          <td colSpan={4}>
            <strong>{health.reason}</strong> {health.message}
          </td>
        </tr>
      )}
    </>
  );
};

const sumOf = (ledgers: readonly Ledger[], part: Exclude<keyof Ledger, 'conserved'>): number =>
  ledgers.reduce((sum, ledger) => sum + ledger[part], 0);

/** Every record that a program read is accounted for, or the page says that it is not. */
const LedgerLine = ({ ledgers }: { readonly ledgers: readonly Ledger[] }) => {
  const conserved = ledgers.every((ledger) => ledger.conserved);
  const parts = [
    { part: 'aggregated', name: 'aggregated' },
    { part: 'late', name: 'late' },
    { part: 'filtered', name: 'filtered' },
    { part: 'duplicate', name: 'duplicate' },
    { part: 'dead_lettered', name: 'dead-lettered' },
  ] as const;
  const shown = parts.filter(({ part }) => part === 'aggregated' || sumOf(ledgers, part) > 0);
  return (
    <p className="ledger">
      <span className={conserved ? 'state state-ready' : 'state state-stalled'}>
        {conserved ? 'conserved' : 'not conserved'}
      </span>{' '}
      {formatCount(sumOf(ledgers, 'in'))} records read ={' '}
      {shown.map(({ part, name }) => `${formatCount(sumOf(ledgers, part))} ${name}`).join(' + ')}
    </p>
  );
};

const Programs = ({ status }: { readonly status: PipelineStatus }) => {
  const ledgers = status.programs.flatMap(({ ledger }) => (ledger === undefined ? [] : [ledger]));
  return (
    <>
      <table className="programs">
        <thead>
          <tr>
            <th scope="col">Program</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Records
            </th>
            <th scope="col" className="number">
              Behind
            </th>
          </tr>
        </thead>
        <tbody>
          {status.programs.map((program) => (
            <ProgramRows key={program.name} program={program} />
          ))}
        </tbody>
      </table>
      {ledgers.length > 0 && <LedgerLine ledgers={ledgers} />}
    </>
  );
};

export const ProgramsPanel = ({ status }: { readonly status: PipelineStatus | undefined }) => (
  <section className="panel" aria-labelledby="programs-title">
    <div className="panel-head">
      <h2 id="programs-title">Pipeline</h2>
    </div>
    {status === undefined ? (
      <p className="note">Waiting for the status of the programs.</p>
    ) : (
      <Programs status={status} />
    )}
  </section>
);
