import { AlerterProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { createValues, valuesDirectory } from '@groundswell/process';
import { startAlerter } from './index.ts';

const { env } = process;

await runPod({
  parse: (value) => AlerterProgram.parse(value),
  start: (program, ports) =>
    startAlerter(program, ports, { values: createValues({ directories: [valuesDirectory], env }) }),
});
