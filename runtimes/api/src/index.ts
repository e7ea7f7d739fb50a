export { createReadings, type Readings } from './readings.ts';
export type { RolloutWish } from './routes/decisions.ts';
export { type ApiOptions, type ApiRunning, startApi } from './start.ts';
