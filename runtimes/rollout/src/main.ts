import { RolloutProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { startRollout } from './index.ts';

await runPod({ parse: (value) => RolloutProgram.parse(value), start: startRollout });
