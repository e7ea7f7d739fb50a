export { createGroundswell, type Groundswell, type GroundswellOptions } from './client.ts';
export type { Following, Heard } from './follow.ts';
export type { components, paths } from './schema.ts';
export { serverEvents } from './server-events.ts';
