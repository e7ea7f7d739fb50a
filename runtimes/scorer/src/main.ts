import { ScorerProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { startScorer } from './index.ts';

await runPod({
  parse: (value) => ScorerProgram.parse(value),
  start: (program, ports) => startScorer(program, ports, { directory: '/models' }),
});
