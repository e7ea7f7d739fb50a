import { checkpointsContract, keyValueContract, logContract, statesContract } from '../contract/index.ts';
import { createMemoryCheckpoints } from './memory-checkpoints.ts';
import { createMemoryKeyValue } from './memory-key-value.ts';
import { createMemoryLog } from './memory-log.ts';
import { createMemoryStates } from './memory-states.ts';

logContract('the log in memory', async () => createMemoryLog());

keyValueContract('the key-value store in memory', async () => {
  let now = 1_000;
  const store = createMemoryKeyValue({ clock: { now: () => now } });
  return {
    store,
    pass: async (ms) => {
      now += ms;
    },
  };
});

const kept = createMemoryCheckpoints();
checkpointsContract('checkpoints in memory', async () => kept);

const states = createMemoryStates();
statesContract('states in memory', async () => ({ open: async () => states, topic: async () => 'state' }));
