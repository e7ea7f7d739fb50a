import { RecommendProgram, serviceOf } from '@groundswell/graph';
import { serveFetch } from '@groundswell/http';
import { runPod } from '@groundswell/pod';
import { createValues, valuesDirectory } from '@groundswell/process';
import { readConfig } from './config.ts';
import { askScorer } from './ranking/ask-scorer.ts';
import { startRecommend } from './start.ts';

const { env } = process;
const { scorers, ...address } = readConfig(env);
const values = createValues({ directories: [valuesDirectory], env });

await runPod({
  followsValues: true,
  parse: (value) => RecommendProgram.parse(value),
  start: async (program, ports) => {
    const urlOf = (model: string): string =>
      scorers.replace('{scorer}', serviceOf({ pipeline: program.pipeline, name: `scorer-${model}` }));
    const running = await startRecommend(program, ports, { scoreItems: askScorer(urlOf), values });
    const server = await serveFetch(running.door, address);
    ports.logger.info({ url: server.url }, 'listening');
    // Requests under way are answered before the rest goes.
    return { ...running, stop: () => server.close().then(running.stop) };
  },
});
