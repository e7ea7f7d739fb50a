import { existsSync } from 'node:fs';
import { ApiProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { readConfig } from './config.ts';
import { startApi } from './index.ts';

const { uiDirectory, ...address } = readConfig(process.env);

await runPod({
  parse: (value) => ApiProgram.parse(value),
  start: (program, ports) => startApi(program, ports, { ...address, ...(existsSync(uiDirectory) && { uiDirectory }) }),
});
