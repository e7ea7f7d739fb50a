export { windowMetrics } from './metrics.ts';
export { neededFields } from './needed-fields.ts';
export { startWindow } from './start.ts';
export { windowerOptionsOf } from './windower-options.ts';
