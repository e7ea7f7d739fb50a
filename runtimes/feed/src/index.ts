export { startFeed } from './start.ts';
