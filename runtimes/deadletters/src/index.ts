export { createCommand } from './command.ts';
export { openKafka } from './open-kafka.ts';
export type { Opened } from './opened.ts';
export { placeOf } from './place.ts';
