import type { PatternShape } from '../shape.ts';
import type { RunState, Sequence } from './steps.ts';
import type { Taken } from './taken.ts';

/** A search that began with an event. */
interface Run {
  readonly start: Taken;
  /** Taken before it joined its cohort; the start first. */
  events: readonly Taken[];
}

/** Runs in one state move together, so that an event costs the states that there are, not the runs. */
interface Cohort {
  state: RunState;
  /** By their start. Those before `from` are gone. */
  runs: Run[];
  from: number;
  /** What all of them took since they are together. */
  taken: Taken[];
}

export interface Match {
  readonly events: readonly Taken[];
  /** Event time, ms: behind its last event, or the moment until which something had to be absent. */
  readonly end: number;
}

/** The runs of one key. One that began later never ends with a match before one that began earlier: both see the same. */
export interface Runs {
  cohorts: Cohort[];
}

export const noRuns = (): Runs => ({ cohorts: [] });

export interface Searching {
  /** The next event of the key, in order; `mask` says which steps it matches. Answers the matches that are certain now. */
  accept(runs: Runs, taken: Taken, mask: number): readonly Match[];
  /** No event before this time comes any more. */
  reach(runs: Runs, time: number): readonly Match[];
  /** When something happens without an event, or Infinity. */
  deadline(runs: Runs): number;
  /** Event time, ms, of the newest start that a run has, or −Infinity. */
  newest(runs: Runs): number;
}

const firstOf = ({ runs, from }: Cohort): Run | undefined => runs[from];
const lastOf = ({ events }: Match): Taken => events.at(-1)!;
const byStart = (a: Match, b: Match): number => a.events[0]!.turn - b.events[0]!.turn;
const eventsOf = (cohort: Cohort, run: Run): readonly Taken[] =>
  cohort.taken.length === 0 ? run.events : [...run.events, ...cohort.taken];

/** Gives each run what its cohort took, so that others can join. */
const apart = (cohort: Cohort): readonly Run[] =>
  cohort.runs.slice(cohort.from).map((run) => ({ start: run.start, events: eventsOf(cohort, run) }));

const sameState = (a: RunState, b: RunState): boolean => a.at === b.at && a.count === b.count && a.gap === b.gap;

/** Puts a cohort beside others; those in the same state become one. */
const join = (cohorts: Cohort[], cohort: Cohort): void => {
  const other = cohorts.find(({ state }) => sameState(state, cohort.state));
  if (other === undefined) {
    cohorts.push(cohort);
    return;
  }
  if (other.taken.length === 0 && cohort.runs.length - cohort.from === 1) {
    const [run] = apart(cohort);
    if (run!.start.turn > (other.runs.at(-1)?.start.turn ?? -1)) {
      other.runs.push(run!);
      return;
    }
  }
  other.runs = [...apart(other), ...apart(cohort)].sort((a, b) => a.start.turn - b.start.turn);
  other.from = 0;
  other.taken = [];
};

export const createSearching = (
  sequence: Sequence,
  { withinMs, afterMatch }: Pick<PatternShape<never>, 'withinMs' | 'afterMatch'>,
): Searching => {
  /** Leaves out the runs that began up to a turn. */
  const prune = (runs: Runs, to: number): void => {
    for (const cohort of runs.cohorts)
      while ((firstOf(cohort)?.start.turn ?? Infinity) <= to) {
        cohort.from++;
        if (cohort.from * 2 < cohort.runs.length) continue;
        cohort.runs.splice(0, cohort.from);
        cohort.from = 0;
      }
    runs.cohorts = runs.cohorts.filter((cohort) => firstOf(cohort) !== undefined);
  };
  /** Each match rules out what its successor may not begin with. */
  const found = (runs: Runs, matches: readonly Match[]): readonly Match[] => {
    if (afterMatch !== 'SkipPastLast' || matches.length === 0) return matches;
    // All end with the same event, which the first one has.
    const [first] = matches;
    prune(runs, lastOf(first!).turn);
    return [first!];
  };
  const deadline = (runs: Runs): number =>
    runs.cohorts.reduce((least, cohort) => Math.min(least, firstOf(cohort)!.start.at + withinMs), Infinity);

  /** Ends the run that began first; where it only waited for its time to be over, it is a match. */
  const expire = (runs: Runs): readonly Match[] => {
    const cohort = runs.cohorts.reduce((a, b) => (firstOf(a)!.start.turn < firstOf(b)!.start.turn ? a : b));
    const run = firstOf(cohort)!;
    const events = eventsOf(cohort, run);
    const isMatch = sequence.waits && sequence.isComplete(cohort.state);
    cohort.from++;
    prune(runs, -1);
    return found(runs, isMatch ? [{ events, end: run.start.at + withinMs }] : []);
  };
  const reach = (runs: Runs, time: number): readonly Match[] => {
    const certain: Match[] = [];
    while (deadline(runs) <= time) certain.push(...expire(runs));
    return certain;
  };
  const isMatch = (state: RunState): boolean => !sequence.waits && sequence.isComplete(state);

  return {
    deadline,
    newest: ({ cohorts }) =>
      cohorts.reduce((most, { runs }) => Math.max(most, runs.at(-1)?.start.at ?? -Infinity), -Infinity),
    reach,
    accept: (runs, taken, mask) => {
      const certain = reach(runs, taken.at);
      const complete: Match[] = [];
      const [before, after]: [Cohort[], Cohort[]] = [runs.cohorts, []];
      for (const cohort of before) {
        const move = sequence.move(cohort.state, mask);
        if (move.kind === 'end') continue;
        cohort.state = move.to;
        if (move.kind === 'take') cohort.taken.push(taken);
        if (move.kind === 'take' && isMatch(move.to))
          for (const { events } of apart(cohort)) complete.push({ events, end: taken.at + 1 });
        else join(after, cohort);
      }
      if (sequence.starts(mask)) {
        const { first } = sequence;
        if (isMatch(first)) complete.push({ events: [taken], end: taken.at + 1 });
        else join(after, { state: first, runs: [{ start: taken, events: [taken] }], from: 0, taken: [] });
      }
      runs.cohorts = after;
      return [...certain, ...found(runs, complete.sort(byStart))];
    },
  };
};
