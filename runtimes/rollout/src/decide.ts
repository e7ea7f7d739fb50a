import { advance, type Evidence, judge, type RolloutState, type Verdict } from '@groundswell/evidence';
import type { RolloutProgram } from '@groundswell/graph';
import type { Demand } from '@groundswell/process';

/** What there is to know of a rollout at a moment, beside its labels. */
export interface Facts {
  /** Event time, ms. */
  readonly now: number;
  /** Windows that are too far behind. */
  readonly stale: readonly string[];
  /** A word of a person that no wait has used yet. */
  readonly promote: boolean;
  readonly rejected: string | undefined;
}

export interface Decision {
  readonly state: RolloutState;
  readonly verdict: Verdict;
}

/** The verdict, and where it leads. Equal arguments give equal decisions, so a recorded one can be made again. */
export const decide = (
  program: RolloutProgram,
  state: RolloutState | undefined,
  { evidence, facts }: { evidence: Evidence; facts: Facts },
): Decision => {
  const verdict = judge(evidence);
  const unmet = facts.stale.map((window) => `a fresh window "${window}"`);
  const next = advance(program, state, {
    now: facts.now,
    challenger: program.challenger.sha256,
    verdict,
    unmet,
    promote: facts.promote,
    rejected: facts.rejected,
  });
  return { state: next, verdict };
};

/** What the scorers are to do about it. */
export const demandOf = (program: RolloutProgram, state: RolloutState, now: number): Demand => {
  const { model, champion, challenger, percent, rollbackWindowMs } = program;
  const given = (percent * state.share) / 100;
  const isOver = state.phase === 'Promoted' && now >= state.since + rollbackWindowMs;
  return {
    model,
    challenger: state.challenger,
    shares: { [champion.name]: percent - given, [challenger.name]: given },
    compared: state.phase === 'Running' || state.phase === 'Waiting',
    retired: isOver ? [champion.name] : [],
  };
};
