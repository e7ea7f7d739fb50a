import { ScorerProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { readConfig } from './config.ts';
import { createDoors, startScorer } from './index.ts';

const { directory, mounts, cache, host, http, grpc } = readConfig(process.env);

await runPod({
  parse: (value) => ScorerProgram.parse(value),
  start: async (program, ports) => {
    const { metrics, logger } = ports;
    const doors = createDoors({ host, ports: { http, grpc }, metrics, logger });
    const running = await startScorer(program, ports, { directory, mounts, cache, doors });
    // Requests under way are answered before the models go.
    return { ...running, stop: () => doors.close().then(running.stop) };
  },
});
