import type { Position } from '@groundswell/stores';
import type { Artifact } from './artifacts.ts';
import type { Proposed } from './proposal.ts';
import type { SpoolMark } from './spool.ts';

/** All that a trainer knows, and the offsets that it stands for. */
export interface TrainerCheckpoint {
  readonly spool: SpoolMark | undefined;
  readonly proposed: Proposed;
  /** Published, and not proposed yet. */
  readonly candidate: Artifact | undefined;
  readonly now: number | undefined;
  /** When it trains next, event time, ms. */
  readonly due: number | undefined;
  /** When the run that is under way was due; whoever takes this up ends it. */
  readonly underWay?: number | undefined;
  readonly classes: number;
  readonly positions: readonly Position[];
}
