import { compilePredicate } from '@groundswell/cel';
import type { OutcomeSpec } from '@groundswell/graph';
import type { Outcome, SocialEvent } from '@groundswell/wire';

/** What has been seen of a post towards its outcome. */
export interface Tally {
  count: number;
  /** The newest, where the outcome is a figure. */
  figure: number | undefined;
}

/** Follows posts to their label. */
export interface OutcomeRule {
  /** From the post until its label is final, ms of event time. */
  readonly maturityMs: number;
  /** Takes an event of the post, its own included. What lies after maturity does not count. */
  note(tally: Tally, post: SocialEvent, event: SocialEvent): void;
  /** The label of a post that matured; undefined where its figure never came: unknown is not zero. */
  outcomeOf(tally: Tally, post: SocialEvent): Outcome | undefined;
}

/** @throws CelError */
export const createOutcomeRule = ({ name, rule }: OutcomeSpec): OutcomeRule => {
  const { maturityMs, atLeast } = rule;
  const note = rule.kind === 'count' ? countWhere(rule.where) : newestFigure(rule.field);
  return {
    maturityMs,
    note: (tally, post, event) => {
      if (event.at <= post.at + maturityMs) note(tally, event);
    },
    outcomeOf: ({ count, figure }, post) => {
      const value = rule.kind === 'count' ? count : figure;
      if (value === undefined) return undefined;
      return {
        outcome: name,
        post_id: post.post_id,
        posted_at: post.at,
        matured_at: post.at + maturityMs,
        value,
        positive: value >= atLeast,
      };
    },
  };
};

type Note = (tally: Tally, event: SocialEvent) => void;

const countWhere = (where: string): Note => {
  const holds = compilePredicate(where, { variables: ['event'] });
  const scope: { event: SocialEvent | undefined } = { event: undefined };
  return (tally, event) => {
    scope.event = event;
    if (holds(scope)) tally.count++;
  };
};

const newestFigure =
  (field: string): Note =>
  (tally, event) => {
    const figure = event.outcome?.[field];
    if (figure !== undefined && Number.isFinite(figure)) tally.figure = figure;
  };
