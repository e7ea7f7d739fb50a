import type { RolloutState } from '@groundswell/evidence';
import type { RolloutProgram } from '@groundswell/graph';
import type { Position } from '@groundswell/stores';
import type { BookSnapshot } from './book.ts';

/** All that a rollout knows, and the offsets that it stands for. */
export interface RolloutCheckpoint {
  /** What the evidence is of: another one is collected anew. */
  readonly definition: string;
  readonly book: BookSnapshot;
  readonly state: RolloutState | undefined;
  /** sha256 of the last challenger that was given up. */
  readonly rejected: string | undefined;
  /** The last word of a person that was used. */
  readonly promote: string | undefined;
  readonly positions: readonly Position[];
}

/** Everything that decides what counts as evidence. Steps, limits and a person's word may change while it is collected. */
export const definitionOf = ({ champion, challenger, outcome, agesMs, policy, routingKey }: RolloutProgram): string =>
  JSON.stringify([champion, challenger, outcome, agesMs, policy.metric, routingKey]);
