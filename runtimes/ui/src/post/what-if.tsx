import type { WhatIf } from '@groundswell/wire';
import { type SubmitEvent, useEffect, useId, useState } from 'react';
import { formatEffect, formatName, formatPercent } from '../format.ts';
import { send } from '../live/send.ts';
import { ReasonTable } from '../top/reasons.tsx';
import { changesIn } from './changes.ts';

interface FieldProps {
  readonly feature: WhatIf['features'][number];
}

const Field = ({ feature: { name, value, what_if } }: FieldProps) => {
  const id = useId();
  return (
    <div className="what-if-field">
      <label htmlFor={id}>{formatName(name)}</label>
      <input
        id={id}
        name={name}
        type="number"
        step="any"
        autoComplete="off"
        placeholder="missing"
        defaultValue={what_if ?? ''}
      />
      <span className="note">{what_if === value ? '' : `was ${value ?? 'missing'}`}</span>
    </div>
  );
};

const Verdict = ({ asked: { before, score, why } }: { readonly asked: WhatIf }) => (
  <div className="reasons what-if-score">
    <p role="status">
      {before === score ? (
        <>
          As it is: <strong>{formatPercent(score)}%</strong>
        </>
      ) : (
        <>
          <strong>{formatPercent(score)}%</strong> instead of {formatPercent(before)}%{' '}
          <span className={`effect effect-${score < before ? 'down' : 'up'}`}>{formatEffect(score - before)}</span>
        </>
      )}
    </p>
    {why.length > 0 && <ReasonTable reasons={why} />}
  </div>
);

/** Features of a post to be changed, and the score that it would have then. */
export const WhatIfPanel = ({ path }: { readonly path: string }) => {
  const [asked, setAsked] = useState<WhatIf>();
  const [refused, setRefused] = useState<string>();
  const ask = async (changes: Readonly<Record<string, number | null>>) => {
    const sent = await send<WhatIf>(path, { changes });
    if (sent.kind === 'refused') return setRefused(sent.why);
    setRefused(undefined);
    setAsked(sent.value);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each post
  useEffect(() => void ask({}), [path]);

  const change = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (asked !== undefined) void ask(changesIn(asked.features, new FormData(event.currentTarget)));
  };
  return (
    <section className="panel" aria-labelledby="what-if-title">
      <div className="panel-head">
        <h2 id="what-if-title">What if?</h2>
        {asked !== undefined && <p className="panel-aside">Scored by {asked.variant}, which serves now</p>}
      </div>
      {refused !== undefined && (
        <p className="note" role="alert">
          {refused}
        </p>
      )}
      {asked === undefined && refused === undefined && <p className="note">Asking the scorer.</p>}
      {asked !== undefined && (
        <form className="what-if" onSubmit={change} key={JSON.stringify(asked.features)}>
          <div className="what-if-fields">
            {asked.features.map((feature) => (
              <Field key={feature.name} feature={feature} />
            ))}
          </div>
          <p className="what-if-buttons">
            <button type="submit" className="quiet-button">
              Score it
            </button>
            <button type="button" className="quiet-button" onClick={() => void ask({})}>
              As it is
            </button>
          </p>
          <Verdict asked={asked} />
        </form>
      )}
    </section>
  );
};
