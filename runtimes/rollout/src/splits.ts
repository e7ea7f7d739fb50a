import type { Segment, Side } from '@groundswell/evidence';

/** After a change of shares scorers take it one by one; so long, ms of event time, nothing is counted. */
const settlingMs = 60_000;

/** Keys that are remembered, so that each counts once. */
const mostKeys = 200_000;

/** Counts to whom keys went, by the share that was declared at the time. */
export interface Splits {
  /** A key was answered by this side. Each key counts once, when it is first seen. */
  answered(key: string, side: Side, at: number): void;
  /** The challenger's share of the keys of both is this from now on. */
  declare(share: number, at: number): void;
  segments(): readonly Segment[];
  snapshot(): SplitsSnapshot;
}

export interface SplitsSnapshot {
  readonly segments: readonly Segment[];
  readonly share: number;
  readonly since: number;
  readonly keys: readonly string[];
}

export const createSplits = (from: SplitsSnapshot = { segments: [], share: 0, since: 0, keys: [] }): Splits => {
  const segments = from.segments.map((segment) => ({ ...segment }));
  const keys = new Set(from.keys);
  let { share, since } = from;

  const segmentOf = () => {
    const last = segments.at(-1);
    if (last?.share === share) return last;
    const opened = { share, champion: 0, challenger: 0 };
    segments.push(opened);
    return opened;
  };
  return {
    answered: (key, side, at) => {
      // Where one side gets everything there is no split to check.
      if (share <= 0 || share >= 1 || at < since + settlingMs || keys.has(key) || keys.size >= mostKeys) return;
      keys.add(key);
      segmentOf()[side]++;
    },
    declare: (declared, at) => {
      if (declared === share) return;
      share = declared;
      since = at;
    },
    segments: () => segments,
    snapshot: () => ({ segments: segments.map((segment) => ({ ...segment })), share, since, keys: [...keys] }),
  };
};
