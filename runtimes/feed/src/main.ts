import { FeedProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { startFeed } from './start.ts';

await runPod({ parse: (value) => FeedProgram.parse(value), start: startFeed });
