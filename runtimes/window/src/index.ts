export { windowMetrics } from './metrics.ts';
export { startWindow } from './start.ts';
export { windowerOptionsOf } from './windower-options.ts';
