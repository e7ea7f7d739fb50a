export { checkpointsContract } from './checkpoints.ts';
export { type KeyValueUnderTest, keyValueContract } from './key-value.ts';
export { logContract } from './log.ts';
export { type OfflineStoreUnderTest, offlineStoreContract } from './offline.ts';
export { type StatesUnderTest, statesContract } from './states.ts';
