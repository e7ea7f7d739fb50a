import { existsSync } from 'node:fs';
import { ApiProgram, serviceOf } from '@groundswell/graph';
import { askScorers, runPod } from '@groundswell/pod';
import { createValues, valuesDirectory } from '@groundswell/process';
import { readConfig } from './config.ts';
import { startApi } from './index.ts';
import { askService } from './recommend.ts';

const { env } = process;
const { uiDirectory, scorers, ...address } = readConfig(env);
const values = createValues({ directories: [valuesDirectory], env });

await runPod({
  followsValues: true,
  parse: (value) => ApiProgram.parse(value),
  start: (program, ports) => {
    const recommender = askService((name) => serviceOf({ pipeline: program.pipeline, name: `recommend-${name}` }));
    return startApi(program, ports, {
      ...address,
      values,
      recommender,
      scoreItems: askScorers(program.pipeline, scorers),
      ...(existsSync(uiDirectory) && { uiDirectory }),
    });
  },
});
