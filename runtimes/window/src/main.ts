import { WindowProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { startWindow } from './index.ts';

await runPod({ parse: (value) => WindowProgram.parse(value), start: startWindow });
