import type { Redefinition } from '@groundswell/process';
import { watermarkNumber } from '@groundswell/wire';
import type { Engine } from '../window.ts';
import type { Known } from './fact-store.ts';
import type { Candidate, Facts, Revision, Seen } from './facts.ts';
import { spanOf, updateOf } from './update.ts';

type Watermarks = Readonly<Record<string, string>>;
type Engines = ReadonlyMap<string, Pick<Engine, 'count' | 'health'>>;

/** Judges by the watermarks of all workers whether a revision is as far as the one in force. */
export interface Warmth {
  follow(facts: Facts): void;
  look(facts: Facts, known: Pick<Known, 'watermarksOf'>, engines: Engines): void;
  /** Whether it has read everything since it is in force no more. */
  isThrough(revision: Revision): boolean;
  stepped(revision: Revision, taken: number): void;
  fail(revision: Revision, error: unknown): void;
  seen(facts: Facts, look: { readonly now: number; readonly known: Known; readonly engines: Engines }): Seen;
  report(facts: Facts): Redefinition | undefined;
}

const notBegun = 'it has not begun everywhere';

const leastOf = (watermarks: Watermarks): number => Math.min(...Object.values(watermarks).map(watermarkNumber));

export const createWarmth = (): Warmth => {
  let through = new Set<string>();
  const broken = new Set<string>();
  let trouble: Seen['trouble'];
  let turn = 0;
  /** Where the one in force was at the look before; undefined: there was none. */
  let goal: Watermarks | undefined;
  let [from, reached] = [Number.NaN, Number.NaN];
  let candidate: string | undefined;

  /** What is still to come until the candidate is as far; empty: nothing. */
  const lacking = (one: Candidate, own: Watermarks, count: number): string => {
    if (goal === undefined) return notBegun;
    const expected = Object.keys(goal).length;
    if (expected > 0 && Object.keys(own).length < Math.min(expected, count)) return notBegun;
    if (leastOf(own) < leastOf(goal)) return `it is at ${percentOf()} %`;
    if (!one.isCut || leastOf(own) >= from + spanOf(one.program)) return '';
    return 'the topic no longer has all events that its windows need';
  };
  const percentOf = (): number => {
    const whole = leastOf(goal ?? {}) - from;
    if (Number.isNaN(whole)) return 0;
    return whole <= 0 ? 100 : Math.max(0, Math.min(100, Math.floor((100 * (reached - from)) / whole)));
  };
  let lacks = notBegun;
  return {
    follow: (facts) => {
      if (facts.turn === turn) return;
      turn = facts.turn;
      through = new Set([...through].filter((name) => name === facts.kept?.name));
      if (facts.candidate?.name === candidate) return;
      candidate = facts.candidate?.name;
      [goal, from, reached, trouble, lacks] = [undefined, Number.NaN, Number.NaN, undefined, notBegun];
    },
    look: ({ serving, candidate: one }, known, engines) => {
      if (one === undefined) return;
      const own = known.watermarksOf(one);
      const least = leastOf(own);
      if (Number.isFinite(least)) {
        if (Number.isNaN(from)) from = one.from ?? least;
        reached = least;
      }
      const engine = engines.get(one.suffix);
      const health = engine?.health();
      if (health?.kind === 'stalled') trouble = health;
      const isEmpty = updateOf(one.program).warmFrom === 'Nothing';
      if (one.isWarm || isEmpty) lacks = '';
      else lacks = lacking(one, own, engine?.count() ?? 0);
      goal = known.watermarksOf(serving);
    },
    isThrough: ({ name }) => through.has(name),
    stepped: ({ name }, taken) => {
      if (taken === 0 && name !== candidate) through.add(name);
    },
    fail: ({ suffix }, error) => {
      broken.add(suffix);
      trouble = { reason: 'Failed', message: error instanceof Error ? error.message : String(error) };
    },
    seen: ({ serving, candidate: one, kept }, { now, known, engines }) => {
      const isDone = (revision: Revision): boolean => {
        const count = engines.get(revision.suffix)?.count() ?? 0;
        return count > 0 && known.doneOf(revision).size >= count;
      };
      return {
        now,
        isWarm: lacks === '',
        isBeside: one !== undefined && isDone(one),
        isDeclared: isDone(serving),
        isLeft: kept !== undefined && (isDone(kept) || broken.has(kept.suffix)),
        trouble,
        from: Number.isNaN(from) ? undefined : from,
        lacks,
      };
    },
    report: ({ candidate: one, failed, kept }) => {
      if (one !== undefined) {
        const message = lacks === '' ? 'It is as far as the one in force.' : `The old definition serves: ${lacks}.`;
        const percent = lacks === '' ? 100 : Math.min(99, percentOf());
        return { revision: one.program.revision, state: 'WarmingUp', percent, at: one.since, message };
      }
      if (failed !== undefined) return { ...failed, state: 'Failed', percent: 0, at: undefined };
      if (kept === undefined) return undefined;
      const message = 'The definition before is kept warm, to switch back at once.';
      return { revision: kept.program.revision, state: 'Kept', percent: 100, at: kept.until, message };
    },
  };
};
