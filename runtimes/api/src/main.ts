import { existsSync } from 'node:fs';
import { ApiProgram, serviceOf } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { readConfig } from './config.ts';
import { startApi } from './index.ts';
import { askService } from './recommend.ts';

const { uiDirectory, ...address } = readConfig(process.env);

await runPod({
  parse: (value) => ApiProgram.parse(value),
  start: (program, ports) => {
    const recommender = askService((name) => serviceOf({ pipeline: program.pipeline, name: `recommend-${name}` }));
    return startApi(program, ports, { ...address, recommender, ...(existsSync(uiDirectory) && { uiDirectory }) });
  },
});
