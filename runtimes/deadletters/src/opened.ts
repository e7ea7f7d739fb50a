import type { Log } from '@groundswell/stores';
import type { Place } from './place.ts';

/** The log of a pipeline, opened for looking at its dead letters. */
export interface Opened {
  readonly log: Log;
  readonly place: Place;
  /** What was written becomes durable. */
  close(): Promise<void>;
}
