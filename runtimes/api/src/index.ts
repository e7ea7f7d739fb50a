export { createReadings, type Readings } from './readings.ts';
export { type ApiOptions, type ApiRunning, startApi } from './start.ts';
