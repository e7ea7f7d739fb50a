import type { Stages, Values } from '@groundswell/process';
import type { Fence, Ports, Producer } from '@groundswell/stores';
import type { History } from './history.ts';
import type { AlerterMetrics } from './metrics.ts';

/** What the work of one who tells stands on. */
export interface SessionWorld {
  readonly ports: Ports;
  readonly producer: Producer;
  readonly history: History;
  readonly metrics: AlerterMetrics;
  readonly stages: Stages;
  readonly values: Values;
  readonly fence: () => Fence | undefined;
}
