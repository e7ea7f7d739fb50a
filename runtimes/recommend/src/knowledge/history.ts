import type { RecommendProgram } from '@groundswell/graph';

/** What of a user's past the resource asks for: the rest is neither kept nor read. */
export interface History {
  /** Items that a user acted on. */
  readonly acted: boolean;
  /** Items that a user took, and which were taken together. */
  readonly taken: boolean;
}

export const historyOf = ({ rules, candidates }: Pick<RecommendProgram, 'rules' | 'candidates'>): History => ({
  acted: rules.some(({ kind }) => kind === 'dropSeen'),
  taken: candidates.some(({ source }) => source.kind === 'similar' && !(source.last && source.store)),
});
