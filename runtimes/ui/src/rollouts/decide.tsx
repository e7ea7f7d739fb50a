import type { RolloutDecision, RolloutStatus } from '@groundswell/wire';
import { type SubmitEvent, useEffect, useId, useRef, useState } from 'react';
import { send } from '../live/send.ts';

type Decision = RolloutDecision['decision'];

const words = {
  promote: {
    open: 'Promote…',
    confirm: 'Promote',
    title: ({ challenger }: RolloutStatus) => `Promote ${challenger.name}?`,
    means: ({ step, steps, doing }: RolloutStatus) =>
      `It passes step ${Math.min(step + 1, steps)} of ${steps} (${doing}) without more evidence, and serves what comes next.`,
  },
  abort: {
    open: 'Give up…',
    confirm: 'Give up',
    title: ({ challenger }: RolloutStatus) => `Give ${challenger.name} up?`,
    means: ({ champion, challenger }: RolloutStatus) =>
      `${champion.name} answers everything again, now. ${challenger.sha256.slice(0, 12)} is not tried again.`,
  },
};

interface DialogProps {
  readonly decision: Decision;
  readonly status: RolloutStatus;
  readonly onClose: (said?: string) => void;
}

const DecisionDialog = ({ decision, status, onClose }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [needsKey, setNeedsKey] = useState(false);
  const [refused, setRefused] = useState<string>();
  useEffect(() => dialog.current?.showModal(), []);
  const { confirm, title, means } = words[decision];

  const decide = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const body: RolloutDecision = {
      decision,
      challenger: status.challenger.sha256,
      step: status.step,
      reason: String(given.get('reason')).trim(),
    };
    const path = `/v1/rollouts/${encodeURIComponent(status.model)}/decisions`;
    const sent = await send(path, body, String(given.get('key') ?? ''));
    if (sent.kind === 'taken') return onClose(`Asked for. The rollout does so with its next look.`);
    if (sent.status === 401 || sent.status === 403) setNeedsKey(true);
    setRefused(sent.why);
  };

  return (
    <dialog ref={dialog} className="decision" aria-labelledby={`${id}-title`} onClose={() => onClose()}>
      <form onSubmit={decide}>
        <h3 id={`${id}-title`}>{title(status)}</h3>
        <p>{means(status)}</p>
        <label htmlFor={`${id}-reason`}>Reason, for the log</label>
        <input id={`${id}-reason`} name="reason" autoComplete="off" maxLength={500} pattern=".*\S.*" required />
        {needsKey && (
          <>
            <label htmlFor={`${id}-key`}>API key that may operate; it is used once and not kept</label>
            <input id={`${id}-key`} name="key" type="password" autoComplete="off" required />
          </>
        )}
        {refused !== undefined && (
          <p className="note" role="alert">
            {refused}
          </p>
        )}
        <p className="decision-buttons">
          <button type="button" className="quiet-button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="quiet-button decision-confirm">
            {confirm}
          </button>
        </p>
      </form>
    </dialog>
  );
};

/** A person's word about a rollout: asked twice, and with a reason. */
export const Decide = ({ status }: { readonly status: RolloutStatus }) => {
  const [wanted, setWanted] = useState<Decision>();
  const [said, setSaid] = useState('');
  const { phase } = status;
  const possible: readonly Decision[] = [
    ...(phase === 'Running' || phase === 'Waiting' ? (['promote'] as const) : []),
    ...(phase === 'Aborted' ? [] : (['abort'] as const)),
  ];
  return (
    <div className="decide">
      {possible.map((decision) => (
        <button key={decision} type="button" className="quiet-button" onClick={() => setWanted(decision)}>
          {words[decision].open}
        </button>
      ))}
      <p className="note" role="status">
        {said}
      </p>
      {wanted !== undefined && (
        <DecisionDialog
          decision={wanted}
          status={status}
          onClose={(news) => {
            setWanted(undefined);
            if (news !== undefined) setSaid(news);
          }}
        />
      )}
    </div>
  );
};
