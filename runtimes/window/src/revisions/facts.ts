import type { WindowProgram } from '@groundswell/graph';
import { revisionName } from './revision.ts';
import type { Role } from './role.ts';
import { updateOf } from './update.ts';

/** A definition of the window that has, or gets, state. */
export interface Revision {
  readonly name: string;
  /** Of what is its own, see `belongingsOf`. */
  readonly suffix: string;
  readonly program: WindowProgram;
  /** The turn at which it began to write where it does: shards say of which turn they are done. */
  readonly turn: number;
}

export interface Candidate extends Revision {
  /** Wall time, ms. */
  readonly since: number;
  /** It is as far as the one in force, or was in force before: from then on its results lie beside. */
  readonly isWarm: boolean;
  /** The log no longer had the beginning of its input. */
  readonly isCut: boolean;
  /** Where its watermark was when somebody first looked, event time, ms; undefined: nowhere yet. */
  readonly from: number | undefined;
}

/** The revisions of a window, as all its workers see them. Everything else follows from here. */
export interface Facts {
  /** Grows with every change. */
  readonly turn: number;
  readonly serving: Revision;
  /** Where readers find the results of the one in force. */
  readonly place: 'declared' | 'beside';
  readonly candidate?: Candidate | undefined;
  readonly kept?: (Revision & { readonly until: number }) | undefined;
  /** What was given up: it is not begun again before the resource says something else. */
  readonly failed?: { readonly revision: string; readonly reason: string; readonly message: string } | undefined;
}

export const first = (program: WindowProgram): Facts => ({
  turn: 1,
  serving: { name: revisionName(program), suffix: '', program, turn: 1 },
  place: 'declared',
});

/** What becomes of the facts when this is what the resource says. The same again changes nothing. */
export const wish = (
  facts: Facts,
  program: WindowProgram,
  { now, isCut }: { readonly now: number; readonly isCut: boolean },
): Facts => {
  const name = revisionName(program);
  const { serving, candidate, kept, failed, ...rest } = facts;
  const begun = { name, program, since: now, from: undefined };
  const turn = facts.turn + 1;
  if (serving.name === name) {
    const back = candidate?.isWarm ? { ...candidate, until: now + updateOf(program).keepOldMs } : undefined;
    return { ...rest, turn, serving: { ...serving, program }, kept: kept ?? back };
  }
  if (candidate?.name === name) return { ...facts, turn, candidate: { ...candidate, program } };
  if (failed?.revision === program.revision) return facts;
  if (kept?.name === name) {
    const { suffix, turn: since } = kept;
    return { ...rest, turn, serving, candidate: { ...begun, suffix, turn: since, isWarm: true, isCut: false } };
  }
  // Nothing of an earlier time at which this was the definition is left in the way.
  const suffix = `${name}-${turn}`;
  return { ...rest, turn, serving, kept, candidate: { ...begun, suffix, turn, isWarm: false, isCut } };
};

/** What somebody sees of the revisions. */
export interface Seen {
  readonly now: number;
  /** The candidate is as far as the one in force. */
  readonly isWarm: boolean;
  /** All results of the candidate lie beside. */
  readonly isBeside: boolean;
  /** All results of the one in force are where the resource says. */
  readonly isDeclared: boolean;
  /** What was in force before has left the keys that the resource says, or cannot. */
  readonly isLeft: boolean;
  /** Why the candidate cannot go on. */
  readonly trouble: { readonly reason: string; readonly message: string } | undefined;
  /** Where the candidate was when somebody first looked; undefined: nowhere yet. */
  readonly from: number | undefined;
  /** What it still lacks, for people. */
  readonly lacks: string;
}

/** The next facts; the very same where nothing is due. */
export const advance = (facts: Facts, seen: Seen): Facts => {
  const { serving, candidate, kept, ...rest } = facts;
  const turn = facts.turn + 1;
  if (candidate?.isWarm && seen.isBeside) {
    const { name, suffix, program } = candidate;
    const until = seen.now + updateOf(program).keepOldMs;
    return { turn, serving: { name, suffix, program, turn }, place: 'beside', kept: { ...serving, turn, until } };
  }
  const trouble = candidate && (seen.trouble ?? tooLong(candidate, seen));
  if (candidate !== undefined && trouble !== undefined)
    return { ...rest, turn, serving, kept, failed: { revision: candidate.program.revision, ...trouble } };
  if (candidate !== undefined && !candidate.isWarm && seen.isWarm)
    return { ...facts, turn, candidate: { ...candidate, turn, isWarm: true } };
  if (candidate !== undefined && candidate.from === undefined && seen.from !== undefined)
    return { ...facts, turn, candidate: { ...candidate, from: seen.from } };
  if (kept !== undefined && seen.now >= kept.until && seen.isLeft) return { ...rest, turn, serving, candidate };
  if (kept === undefined && facts.place === 'beside' && seen.isDeclared) return { ...facts, turn, place: 'declared' };
  return facts;
};

const tooLong = ({ since, program }: Candidate, { now, lacks }: Seen): Seen['trouble'] => {
  const { maxWarmUpMs } = updateOf(program);
  if (now - since < maxWarmUpMs) return undefined;
  const message = `Cannot warm up within ${Math.round(maxWarmUpMs / 1_000)} s: ${lacks}, a longer update.maxWarmUp or another definition is needed`;
  return { reason: 'WarmUpTooLong', message };
};

/** Those that run, the one in force first. */
export const revisionsOf = ({ serving, candidate, kept }: Facts): readonly Revision[] => [
  serving,
  ...(candidate === undefined ? [] : [candidate]),
  ...(kept === undefined ? [] : [kept]),
];

/** What becomes of the results of a revision. */
export const roleOf = ({ serving, place, candidate, kept }: Facts, { name }: Revision): Role =>
  name === serving.name
    ? { declared: true, beside: place === 'beside' }
    : { declared: false, beside: name === kept?.name || (name === candidate?.name && candidate.isWarm) };

/** Of the one in force and the one before it, the other; the one before may be on its way back. */
export const otherOf = ({ serving, place, candidate, kept }: Facts, { name }: Revision): Revision | undefined => {
  // One that was taken back was never in force.
  if (place === 'declared') return undefined;
  if (name === serving.name) return kept ?? (candidate?.isWarm ? candidate : undefined);
  return name === kept?.name ? serving : undefined;
};

/** Nothing is on its way. */
export const isSettled = ({ candidate, kept, place }: Facts): boolean =>
  candidate === undefined && kept === undefined && place === 'declared';
