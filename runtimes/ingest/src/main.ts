import { IngestProgram } from '@groundswell/graph';
import { runPod } from '@groundswell/pod';
import { createValues, valuesDirectory } from '@groundswell/process';
import { readConfig } from './config.ts';
import { createPushDoors, startIngest } from './index.ts';

const { env } = process;

await runPod({
  parse: (value) => IngestProgram.parse(value),
  start: async (program, ports) => {
    const doors = createPushDoors();
    if (program.source.reader.kind === 'http')
      ports.logger.info({ url: await doors.listen(readConfig(env)) }, 'listening');
    const values = createValues({ directories: [valuesDirectory], env });
    return startIngest(program, ports, { directory: '/data', dataDirectories: [], values, doors });
  },
});
