import { type loadPrograms, run, startPipeline, throwIfStalled } from '@groundswell/local';
import { type Clock, createLogger, systemClock } from '@groundswell/process';

type Programs = Awaited<ReturnType<typeof loadPrograms>>['programs'];

interface EmbeddedOptions {
  readonly directory: string;
  readonly clock?: Clock | undefined;
  /** The built page; absent: none. */
  readonly uiDirectory?: string;
}

/** Programs that run in this process, as `groundswell up` runs them, until `stop`. */
export const runEmbedded = async (
  programs: Programs,
  { directory, clock = systemClock, uiDirectory }: EmbeddedOptions,
) => {
  const pipeline = await startPipeline({
    programs,
    directory,
    dataDirectories: [],
    http: { host: '127.0.0.1', port: 0, ...(uiDirectory !== undefined && { uiDirectory }) },
    clock,
    logger: createLogger('test', 'silent'),
  });
  const stopping = new AbortController();
  const ended = run(pipeline.runner, {
    clock: systemClock,
    signal: stopping.signal,
    saveEveryMs: 50,
    observe: { everyMs: 10, call: () => throwIfStalled(pipeline.runner.units()) },
  });
  return {
    pipeline,
    stop: async (): Promise<void> => {
      stopping.abort();
      await ended;
      await pipeline.close();
    },
  };
};
