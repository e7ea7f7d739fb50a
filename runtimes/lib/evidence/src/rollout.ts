import type { VerdictState } from './verdict.ts';

export type Step =
  | { readonly kind: 'shadow'; readonly forMs: number }
  /** Percent of the keys of both. */
  | { readonly kind: 'share'; readonly percent: number }
  /** Absent: until a person promotes. */
  | { readonly kind: 'pause'; readonly forMs?: number | undefined }
  | {
      readonly kind: 'gate';
      readonly verdict: 'Better' | 'NotWorse' | 'Healthy';
      readonly timeoutMs: number;
      readonly onTimeout: 'Pause' | 'Abort';
    };

export interface RolloutPlan {
  readonly steps: readonly Step[];
  readonly autoPromote: boolean;
  readonly abort: boolean;
  readonly rollbackWindowMs: number;
}

export type Phase = 'Running' | 'Waiting' | 'Promoted' | 'Aborted';

/** Where the rollout of one challenger is. */
export interface RolloutState {
  /** sha256 of the challenger's artifact: another one begins anew. */
  readonly challenger: string;
  readonly phase: Phase;
  /** Index of the step it is in; the number of steps when all are done. */
  readonly step: number;
  /** When the step or the end began, ms. */
  readonly since: number;
  /** Percent of the keys of both that the challenger answers. */
  readonly share: number;
  /** What it waits for, or why it ended; for people. */
  readonly doing: string;
}

/** What there is to know at a moment. */
export interface Moment {
  readonly now: number;
  /** sha256 of the challenger's artifact. */
  readonly challenger: string;
  readonly verdict: { readonly state: VerdictState; readonly reason: string };
  /** What does not hold of the pipeline, and must before a step. */
  readonly unmet: readonly string[];
  /** A person said go on. */
  readonly promote: boolean;
  /** sha256 of a challenger that was given up: it is not tried again. */
  readonly rejected: string | undefined;
}

const passes: Readonly<Record<'Better' | 'NotWorse' | 'Healthy', readonly VerdictState[]>> = {
  Better: ['Better'],
  NotWorse: ['Better', 'NotWorse'],
  Healthy: ['Better', 'NotWorse', 'Inconclusive', 'Collecting'],
};

const begin = ({ challenger, now }: Moment): RolloutState => ({
  ...{ challenger, phase: 'Running', step: 0, since: now, share: 0, doing: 'Begins' },
});

const abort = (state: RolloutState, { now }: Moment, doing: string): RolloutState => ({
  ...{ ...state, phase: 'Aborted', since: now, share: 0, doing },
});

const promote = (state: RolloutState, { now }: Moment, doing: string): RolloutState => ({
  ...{ ...state, phase: 'Promoted', since: now, share: 100, doing },
});

/** What to do with the step: leave it behind, wait for something, or give up. */
type Move = { readonly go: true } | { readonly wait: string } | { readonly giveUp: string };

const moveOf = (step: Step, state: RolloutState, moment: Moment): Move => {
  const waited = moment.now - state.since;
  const until = (forMs: number, what: string): Move =>
    waited >= forMs ? { go: true } : { wait: `${what} until ${new Date(state.since + forMs).toISOString()}` };
  switch (step.kind) {
    case 'shadow':
      return until(step.forMs, 'Shadow');
    case 'share':
      return { go: true };
    case 'pause':
      return step.forMs === undefined ? { wait: 'Waits for a person to promote' } : until(step.forMs, 'Pauses');
    case 'gate': {
      if (passes[step.verdict].includes(moment.verdict.state)) return { go: true };
      const { reason } = moment.verdict;
      if (waited < step.timeoutMs) return { wait: `Waits for the verdict ${step.verdict}: ${reason}` };
      return step.onTimeout === 'Abort'
        ? { giveUp: `No verdict ${step.verdict} in time: ${reason}` }
        : { wait: `No verdict ${step.verdict} in time, waits for a person: ${reason}` };
    }
  }
};

const shareIn = (step: Step | undefined, before: number): number => {
  if (step?.kind === 'shadow') return 0;
  return step?.kind === 'share' ? step.percent : before;
};

const enter = (
  state: RolloutState,
  steps: readonly Step[],
  { now, at }: { now: number; at: number },
): RolloutState => ({
  ...{ ...state, phase: 'Running', step: at, since: now, share: shareIn(steps[at], state.share) },
});

const afterLast = (state: RolloutState, moment: Moment, allowed: boolean): RolloutState => {
  if (allowed) return promote(state, moment, `Promoted: ${moment.verdict.reason}`);
  return { ...state, phase: 'Waiting', doing: 'All steps are done: waits for a person to promote' };
};

/**
 * The next state of a rollout: as many steps on as can be done now. Pure; with an equal moment it changes nothing more.
 *
 * @param state of the moment before; absent where the rollout begins
 */
export const advance = (plan: RolloutPlan, state: RolloutState | undefined, moment: Moment): RolloutState => {
  let current =
    state === undefined || state.challenger !== moment.challenger
      ? enter(begin(moment), plan.steps, { now: moment.now, at: 0 })
      : state;
  if (current.phase === 'Aborted') return current;
  if (moment.rejected === moment.challenger)
    return abort(current, moment, 'This artifact was given up before: it is not tried again');
  if (plan.abort) return abort(current, moment, 'Aborted by the resource');
  if (current.phase === 'Promoted') return current;
  const { state: verdict, reason } = moment.verdict;
  if (verdict === 'Worse' || verdict === 'GuardrailBroken') return abort(current, moment, reason);
  if (verdict === 'SplitWrong') return { ...current, phase: 'Waiting', doing: reason };
  let go = moment.promote;
  for (;;) {
    const step = plan.steps[current.step];
    if (step === undefined) return afterLast(current, moment, plan.autoPromote || go);
    const move: Move = go ? { go: true } : moveOf(step, current, moment);
    if ('giveUp' in move) return abort(current, moment, move.giveUp);
    if ('wait' in move) return { ...current, phase: 'Waiting', doing: move.wait };
    if (moment.unmet.length > 0 && step.kind !== 'share')
      return { ...current, phase: 'Waiting', doing: `Waits until ${moment.unmet.join(' and ')} hold` };
    // A person's word is for the step that waited, not for those behind it.
    if (step.kind !== 'share') go = false;
    current = enter(current, plan.steps, { now: moment.now, at: current.step + 1 });
  }
};
