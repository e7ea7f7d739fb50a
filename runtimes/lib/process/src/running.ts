import type { Logger } from './logger.ts';
import type { StageReport } from './stages.ts';

export type Health =
  | { readonly kind: 'ready' }
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'stalled'; readonly reason: string; readonly message: string };

/** What became of every record that was read: `in` is the sum of the others, or something is lost. */
export interface Ledger {
  readonly in: number;
  /** Counted by a window, or written on by a source or scorer. */
  readonly aggregated: number;
  readonly late: number;
  readonly filtered: number;
  readonly duplicate: number;
  readonly deadLettered: number;
}

/** What a rollout asks of the scorer of its model. */
export interface Demand {
  readonly model: string;
  /** Digest of the challenger that this was decided about: it is not for another one. */
  readonly challenger: string;
  /** Of 100, for each variant that it decides about. */
  readonly shares: Readonly<Record<string, number>>;
  /** Whether they are still compared. */
  readonly compared: boolean;
  /** Variants that need not be kept warm any more. */
  readonly retired: readonly string[];
}

/** Use of a metered API. */
export interface QuotaReport {
  /** Posts read in this period, the month where it is limited. */
  readonly used: number;
  /** Of the posts that there are, 0..1. */
  readonly share: number;
  /** Wall time at which it would run out at this pace, ms; absent: it lasts. */
  readonly exhaustedAt?: number;
}

/** A variant of a model, as the scorer has it. */
export interface VariantReport {
  readonly name: string;
  readonly shadow: boolean;
  /** Of 100: keys that it answers, with what it took over from variants that do not serve. */
  readonly share: number;
  /** Of the model that serves. */
  readonly sha256?: string;
  /** Why the declared artifact does not serve. */
  readonly problem?: string;
  /** How far rows and scores of the last while are from those of training (population stability index). */
  readonly drift?: {
    readonly score: number;
    readonly worstFeature?: string;
    readonly worstFeaturePsi: number;
    /** What is beyond the limits of the resource. */
    readonly problem?: string;
  };
}

/** What a trainer has found good enough to be tried. */
export interface Proposal {
  readonly model: string;
  /** In force instead of what the resource names, by variant. */
  readonly artifacts: Readonly<Record<string, ProposedArtifact>>;
}

interface ProposedArtifact {
  readonly uri: string;
  readonly sha256: string;
  /** Of an S3-compatible store: the name of the Secret for it, and where it is. */
  readonly secret?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** The native model of trees, for exact reasons. */
  readonly explainer?: { readonly uri: string; readonly sha256: string } | undefined;
}

/** How far another definition of a window is from being in force. */
export interface Redefinition {
  /** Of the program that is to take over, has failed to, or was in force before and is kept. */
  readonly revision: string;
  readonly state: 'WarmingUp' | 'Failed' | 'Kept';
  readonly percent: number;
  /** Wall time, ms: since when it warms up, or until when it is kept. */
  readonly at: number | undefined;
  /** Of a failure. */
  readonly reason?: string;
  readonly message: string;
}

/** What a program has done since it started, for status, metrics and the summary at the end. undefined: not known yet. */
export interface FanOutReport {
  readonly postsInFlight: number;
  readonly followersDone: number;
  readonly followersLeft: number;
  /** Until they are everywhere, at the pace of late; absent: not known. */
  readonly expectedMs?: number | undefined;
}

export interface Report {
  readonly records: number;
  /** Event time, ms. */
  readonly watermark: number | undefined;
  /** Newest event time seen, ms. */
  readonly eventTime: number | undefined;
  readonly ledger?: Ledger;
  /** What it produced, by name: `windows fired`, `predictions`. */
  readonly produced: Readonly<Record<string, number>>;
  /** Of a window. `restoreMs`: how long it took to take the last partitions over, with their state, `restoredKeys` of it. */
  readonly state?: {
    readonly keys: number;
    readonly bytes: number;
    readonly restoreMs?: number;
    readonly restoredKeys?: number;
    /** Let go of for want of room, since the state began. */
    readonly evictedKeys?: number;
  };
  /** How long the stages of the way of an event take that it does. */
  readonly stages?: readonly StageReport[];
  /** Of a source that is metered. */
  readonly quota?: QuotaReport | undefined;
  /** Of a window that was defined anew, while that goes on, or when it failed. */
  readonly redefinition?: Redefinition;
  /** Of a rollout: for whoever runs the programs to give to the scorer. */
  readonly demand?: Demand;
  /** Of a rollout: where it is, for people. */
  readonly rollout?: Readonly<Record<string, unknown>>;
  /** Of a scorer. */
  readonly variants?: readonly VariantReport[];
  /** Answering a request, 99th percentile of the last while, ms. */
  readonly p99Ms?: number | undefined;
  /** Of a fan-out: posts that have not reached all their followers, and how far they are. */
  readonly fanOut?: FanOutReport;
  /** Of a recommender whose weights are learned: those in force, and the logged outcomes that they were learned from. */
  readonly blend?: { readonly realTime: number; readonly offline: number; readonly labels: number } | undefined;
  /** Of a trainer: for whoever runs the programs to give to the scorer and the rollout. */
  readonly proposal?: Proposal;
}

export interface StepOptions {
  /** How long to wait for input, wall time in ms. */
  readonly maxWaitMs: number;
  /**
   * Event time of the earliest timer of the other programs. A source that knows its own time does not jump over it:
   * across a gap it first brings the watermark to the start of the tick that holds it.
   */
  readonly horizon?: number;
  /** Whether another program reads results of the others when this event comes: a source then gives no more behind its tick. */
  readonly stopsAt?: (event: object) => boolean;
}

/**
 * A started program. It does nothing by itself: whoever started it calls `step` again and again, so that
 * a pod runs one program in a loop and a laptop runs all of them in one deterministic order.
 */
export interface Running {
  readonly name: string;
  /**
   * Reads what is there, works on it and writes the results.
   * Resolves to the number of records it took: 0 says that it had nothing to do.
   */
  step(options: StepOptions): Promise<number>;
  /** Saves state and the offsets that it stands for, together, and commits. Called between steps only. */
  save(): Promise<void>;
  /** Leaves its groups and closes its connections, without saving. No step follows. */
  stop(): Promise<void>;
  /** Takes a changed program whose differences are all live; false says that a restart is needed. */
  update(program: unknown): Promise<boolean>;
  /** How often its state is to be saved, ms of wall time; undefined: as often as that of others. */
  saveEveryMs?(): number | undefined;
  health(): Health;
  report(): Report;
  /** Event time of the earliest thing that waits for a watermark; undefined: nothing does. */
  due?(): number | undefined;
  /** Whether it reads results of the others when this event comes. */
  stopsAt?(event: object): boolean;
}

export interface RunOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** How often state is saved, in ms of wall time, where the program does not say. */
  readonly saveEveryMs: number;
  readonly now: () => number;
  /** Called after each step, for what must not happen during one: taking a changed program, say. */
  readonly between?: () => Promise<void>;
  /** Told of each step: how long it took, ms, and how many records it took. */
  readonly onStep?: (tookMs: number, records: number) => void;
}

/**
 * The loop of a pod: steps until the signal, saving now and then, and drains at the end.
 * An error of a step ends the loop; the process exits and its supervisor starts it again from the last save.
 */
export const runUntilStopped = async (
  running: Running,
  { log, signal, saveEveryMs, now, between, onStep }: RunOptions,
): Promise<void> => {
  let savedAt = now();
  try {
    while (!signal.aborted) {
      const since = now();
      const records = await running.step({ maxWaitMs: 250 });
      onStep?.(now() - since, records);
      await between?.();
      if (now() - savedAt < (running.saveEveryMs?.() ?? saveEveryMs)) continue;
      await running.save();
      savedAt = now();
    }
    // Not after a failed step: what it left half done must not be saved.
    await running.save();
    log.info({ name: running.name }, 'drained');
  } finally {
    await running.stop();
  }
};
