import type { Side } from '@groundswell/evidence';
import type { RolloutProgram } from '@groundswell/graph';
import type { RolloutPoint, RolloutStatus } from '@groundswell/wire';
import type { Book } from './book.ts';
import { type Decision, demandOf } from './decide.ts';

const orNull = (value: number | undefined): number | null => value ?? null;

/** When the labels that are needed will be there at the pace so far, ms; undefined where that cannot be said. */
const expectedAt = (book: Book, { labels, labelsNeeded }: Decision['verdict']): number | undefined => {
  const elapsed = book.now() - book.since();
  if (labelsNeeded === undefined || labels === 0 || !(elapsed > 0)) return undefined;
  if (labelsNeeded <= labels) return undefined;
  return Math.round(book.now() + ((labelsNeeded - labels) / labels) * elapsed);
};

/** All that people and the operator want to know of a rollout. */
export const statusOf = (program: RolloutProgram, book: Book, { state, verdict }: Decision): RolloutStatus => {
  const { shares } = demandOf(program, state, book.now());
  const measured = (side: Side): RolloutStatus['champion'] => {
    const { name, sha256 } = program[side];
    const { labels, positives, auc, logLoss, calibrationError, liftAt10 } = book.scores.measures(side);
    return {
      ...{ name, sha256, share: shares[name] ?? 0, labels, positives },
      ...{ auc: orNull(auc?.value), aucLow: orNull(auc?.low), aucHigh: orNull(auc?.high) },
      ...{ logLoss: orNull(logLoss), calibrationError: orNull(calibrationError), liftAt10: orNull(liftAt10) },
      p99Ms: orNull(book.scores.latency(side)),
    };
  };
  const { missing, corrected } = book.join.counts();
  return {
    model: program.model,
    at: book.now(),
    ...{ phase: state.phase, step: state.step, steps: program.steps.length, since: state.since, doing: state.doing },
    verdict: {
      ...verdict,
      ...{ difference: orNull(verdict.difference), low: orNull(verdict.low), high: orNull(verdict.high) },
      labelsNeeded: orNull(verdict.labelsNeeded),
      expectedAt: orNull(expectedAt(book, verdict)),
    },
    ...{ champion: measured('champion'), challenger: measured('challenger') },
    ...{ waiting: book.join.waiting(), missing, corrected },
  };
};

/** One point of the picture of the evidence. A test at level alpha decides where the evidence exceeds 1 / alpha. */
export const pointOf = ({ policy }: RolloutProgram, { at, verdict, challenger }: RolloutStatus): RolloutPoint => {
  const { evidence, difference, low, high, labels } = verdict;
  return { at, evidence, boundary: 1 / policy.alpha, difference, low, high, labels, share: challenger.share };
};
