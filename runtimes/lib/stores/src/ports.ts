import type { Clock, Logger, Metrics, Tracing } from '@groundswell/process';
import type { Checkpoints } from './checkpoints.ts';
import type { KeyValue } from './key-value.ts';
import type { Log } from './log.ts';
import type { States } from './states.ts';

/** Everything of the world that a program touches, besides its source. A program's door is `start(program, ports)`. */
export interface Ports {
  readonly log: Log;
  readonly keyValue: KeyValue;
  readonly checkpoints: Checkpoints;
  readonly states: States;
  /** No other process can write where this one writes, so nobody has to be kept out. */
  readonly alone?: boolean;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Absent: nothing is traced. */
  readonly tracing?: Tracing | undefined;
}
