import type { PatternShape } from '../shape.ts';

/** A step that takes events, with what must not come before it. A mask has a bit for each step of the sequence. */
interface Step {
  readonly bit: number;
  readonly min: number;
  readonly max: number;
  readonly strict: boolean;
  /** Bits of the steps that must not come between the step before and this one. */
  readonly absent: number;
}

/** Where a run stands: it has taken `count` events for step `at`; `gap`: another event came since the last of them. */
export interface RunState {
  readonly at: number;
  readonly count: number;
  readonly gap: boolean;
}

/** What an event does to a run. */
type Move =
  | { readonly kind: 'take'; readonly to: RunState }
  | { readonly kind: 'skip'; readonly to: RunState }
  | { readonly kind: 'end' };

/** The automaton of a sequence. It prefers to stay in its step, and tries nothing else besides: one start is one run. */
export interface Sequence {
  /** Whether an event begins a run. */
  starts(mask: number): boolean;
  readonly first: RunState;
  move(state: RunState, mask: number): Move;
  /** It has all that it needs. */
  isComplete(state: RunState): boolean;
  /** What is complete waits until its time is over, as something must not come. */
  readonly waits: boolean;
  /** Whether events that match no step can be left out. */
  readonly ignoresOthers: boolean;
}

const end: Move = { kind: 'end' };

/** @throws RangeError for a sequence that begins with what must be absent, or is empty, or longer than 30 steps */
export const createSequence = (given: PatternShape<never>['sequence']): Sequence => {
  const { steps, lastAbsent } = stepsOf(given);
  const skip = (state: RunState): Move => {
    const { at, count } = state;
    const [step, next] = [steps[at]!, steps[at + 1]];
    const mayRepeat = count < step.max && !step.strict;
    const mayGoOn = count >= step.min && (next === undefined || !next.strict);
    return mayRepeat || mayGoOn ? { kind: 'skip', to: state.gap ? state : { at, count, gap: true } } : end;
  };
  return {
    starts: (mask) => (mask & steps[0]!.bit) !== 0,
    first: { at: 0, count: 1, gap: false },
    move: (state, mask) => {
      const { at, count, gap } = state;
      const [step, next] = [steps[at]!, steps[at + 1]];
      if (count < step.max && (mask & step.bit) !== 0 && !(step.strict && gap))
        return { kind: 'take', to: { at, count: count + 1, gap: false } };
      if (count < step.min) return skip(state);
      if ((mask & (next?.absent ?? lastAbsent)) !== 0) return end;
      if (next !== undefined && (mask & next.bit) !== 0 && !(next.strict && gap))
        return { kind: 'take', to: { at: at + 1, count: 1, gap: false } };
      return skip(state);
    },
    isComplete: ({ at, count }) => at === steps.length - 1 && count >= steps[at]!.min,
    waits: lastAbsent !== 0,
    ignoresOthers: steps.every(({ strict }, i) => !strict || (i === 0 && steps[0]!.max === 1)),
  };
};

const stepsOf = (
  given: PatternShape<never>['sequence'],
): { readonly steps: readonly Step[]; readonly lastAbsent: number } => {
  if (given.length === 0 || given.length > 30 || given[0]?.absent === true)
    throw new RangeError(
      `Cannot build a pattern window: its sequence has ${given.length} steps, 1 to 30 are needed, and the first must not be absent`,
    );
  const steps: Step[] = [];
  let absent = 0;
  given.forEach(({ min, max, strict, absent: isAbsent }, i) => {
    const bit = 2 ** i;
    if (isAbsent) absent |= bit;
    else {
      steps.push({ bit, min, max, strict, absent });
      absent = 0;
    }
  });
  return { steps, lastAbsent: absent };
};
