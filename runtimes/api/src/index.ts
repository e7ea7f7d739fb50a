export { type ApiOptions, type ApiRunning, startApi } from './start.ts';
