import { RecommendProgram } from '@groundswell/graph';
import { serveFetch } from '@groundswell/http';
import { askScorers, runPod } from '@groundswell/pod';
import { createValues, valuesDirectory } from '@groundswell/process';
import { readConfig } from './config.ts';
import { startRecommend } from './start.ts';

const { env } = process;
const { scorers, ...address } = readConfig(env);
const values = createValues({ directories: [valuesDirectory], env });

await runPod({
  followsValues: true,
  parse: (value) => RecommendProgram.parse(value),
  start: async (program, ports) => {
    const scoreItems = askScorers(program.pipeline, scorers);
    const running = await startRecommend(program, ports, { scoreItems, values });
    const server = await serveFetch(running.door, address);
    ports.logger.info({ url: server.url }, 'listening');
    // Requests under way are answered before the rest goes.
    return { ...running, stop: () => server.close().then(running.stop) };
  },
});
