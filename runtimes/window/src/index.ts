export { windowMetrics } from './metrics.ts';
export { startWindow } from './start.ts';
