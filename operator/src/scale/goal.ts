import type { Autoscaling } from '@groundswell/graph';

/** What scaling keeps to. */
export type Goal = Omit<Autoscaling, 'acts' | 'by'>;
