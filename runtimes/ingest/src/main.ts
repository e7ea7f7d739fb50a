import { IngestProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { startIngest } from './index.ts';

await runPod({
  parse: (value) => IngestProgram.parse(value),
  start: (program, ports) => startIngest(program, ports, { directory: '/data', dataDirectories: [] }),
});
