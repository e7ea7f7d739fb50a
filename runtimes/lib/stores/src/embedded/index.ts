export { createMemoryCheckpoints } from '../memory/memory-checkpoints.ts';
export { createMemoryKeyValue } from '../memory/memory-key-value.ts';
export { createMemoryLog } from '../memory/memory-log.ts';
export { createMemoryStates } from '../memory/memory-states.ts';
export { createEmbeddedStores, type EmbeddedStores, type EmbeddedStoresOptions } from './embedded-stores.ts';
export { JournalError } from './journal-reader.ts';
