import type { IngestProgram } from '@groundswell/graph';
import type { Clock, Health, Logger, QuotaReport, Values } from '@groundswell/process';
import type { Log } from '@groundswell/stores';
import type { SocialEvent } from '@groundswell/wire';
import type { PushDoors } from './push-doors.ts';

/** Where something came from, for dead letters. */
export interface Raw {
  /** File or URL. */
  readonly origin: string;
  /** Line of the file, or position in the stream. */
  readonly offset: string | number;
  readonly raw: string | Uint8Array;
}

/** One thing that a source gave: a valid event, or what could not be made into one. */
export type Incoming =
  | { readonly kind: 'event'; readonly event: SocialEvent; readonly from: Raw | undefined }
  | { readonly kind: 'bad'; readonly reason: string; readonly from: Raw };

/** Where a source that knows its own time has to stop, for others to see what they have to see. */
export interface Stops {
  /** Event time at which somebody waits for a watermark, ms. */
  readonly horizon?: number | undefined;
  /** Absent: behind each tick. */
  readonly stopsAt?: ((event: SocialEvent) => boolean) | undefined;
}

export interface Reading {
  /** In the order in which they shall be written. */
  readonly rows: readonly Incoming[];
  /** Behind the rows: no event with a time up to and including this one, ms, will follow. */
  readonly watermark?: number;
  /** Nothing will ever follow. Not true of a reader that stopped because of an error. */
  readonly done: boolean;
}

/** What became of a row. */
export type Fate =
  | { readonly kind: 'written' | 'duplicate' }
  | { readonly kind: 'deadLettered'; readonly reason: string };

/** JSON. What it holds is the reader's own matter. */
export type Cursor = unknown;

/**
 * A source of events: the one contract of every kind of source. It does nothing between calls of `next` that a test could
 * not hold in its hand: time, waiting, chance and connections are given to it as a `World`.
 */
export interface SourceReader {
  /**
   * What came in, waiting at most `maxWaitMs` for it. `ingested_at` of the events is set by the caller. A source that knows
   * its own time does not bring its watermark past a tick in which there is a stop, without having stopped before it.
   */
  next(maxWaitMs: number, stops?: Stops): Promise<Reading>;
  /** Stands for all that `next` has given. A reader opened with it gives what follows; it may repeat, but never leave out. */
  cursor(): Cursor;
  /** How much of a bounded source is given, 0..1, and the event time that it has come to, ms. */
  progress(): { readonly share?: number; readonly at?: number };
  health(): Health;
  /** What was rightly left out since the start, by kind: it is no event of ours. */
  ignored(): Readonly<Record<string, number>>;
  /** How often connections ended since the start, by reason, where the source has connections. */
  disconnects?(): Readonly<Record<string, number>>;
  /** Of a metered source that has limits. */
  quota?(): QuotaReport | undefined;
  /** Told of all rows, in their order, when what became of them would outlast a crash. */
  written?(fates: readonly Fate[]): void;
  /** Told when the last `cursor` is saved. */
  saved?(): Promise<void>;
  /** Takes a changed configuration that differs only in what is live. */
  adopt?(reader: IngestProgram['source']['reader']): void;
  close(): Promise<void>;
}

/** What of a WebSocket a reader needs; Node's own has it. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  onerror: ((error: { readonly message?: string }) => void) | null;
  onclose: ((closed: { readonly code: number; readonly reason: string }) => void) | null;
  close(code?: number, reason?: string): void;
}

/** Everything of the world that readers touch. */
export interface World {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves after so many ms of the clock, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  readonly openSocket: (url: string, headers?: Readonly<Record<string, string>>) => Socket;
  /** Values of Secrets. They are never logged. */
  readonly values: Values;
  /** The log of the pipeline. */
  readonly log: Log;
  /** Where others push events to. */
  readonly doors: PushDoors;
  /** Where a path of the program lies. */
  readonly resolvePath: (path: string) => string;
}

/** A source cannot go on until a person changes something. Its message is for that person. */
export class SourceStalledError extends Error {
  override readonly name = 'SourceStalledError';
  readonly reason: 'BadRow' | 'BadArchive' | 'BadFile';

  constructor(reason: SourceStalledError['reason'], message: string, options?: { cause: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}
