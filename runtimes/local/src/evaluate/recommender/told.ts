import type { Program, RecommendProgram } from '@groundswell/graph';
import { createLogger, systemClock } from '@groundswell/process';
import type { RecommendRunning } from '@groundswell/recommend';
import { shareOf } from '@groundswell/recommending';
import { eventRecord, Recommendations, type SocialEvent } from '@groundswell/wire';
import { startPipeline } from '../../pipeline.ts';
import { throwIfStalled } from '../../runner.ts';

/** A Recommender that was told of events, with all that it stands on, in this process. */
export interface Told {
  /** Through its door, as everybody asks. */
  recommend(user: string, count: number): Promise<readonly string[]>;
  name(user: string, tags: readonly string[]): Promise<void>;
  tell(events: readonly SocialEvent[]): Promise<void>;
  close(): Promise<void>;
}

interface TellOptions {
  readonly programs: readonly Program[];
  readonly recommender: RecommendProgram;
  readonly directory: string;
  readonly dataDirectories: readonly string[];
  readonly onProgress: (told: number) => void;
}

/** Events of one go: what has been read by all goes from the log. */
const batchEvents = 5_000;

/** So that each question finds what came of the one before, however fast they follow one another. */
const betweenQuestionsMs = 1_000;

/** How good answers are is asked, not how fast they are, and none shall be used again. */
const patient = (program: RecommendProgram): RecommendProgram => ({
  ...program,
  limits: { ...program.limits, timeoutMs: 60_000 },
  cache: { ...program.cache, ttlMs: 0 },
});

/** Runs windows, scorers and the Recommender itself on these events. @throws Error where a program fails */
export const tellRecommender = async (events: readonly SocialEvent[], options: TellOptions): Promise<Told> => {
  const { programs, recommender, onProgress, ...places } = options;
  let now = systemClock.now();
  const pipeline = await startPipeline({
    ...places,
    programs: programs.flatMap((program): Program[] => {
      if (program.kind === 'window' || program.kind === 'scorer') return [program];
      return program.name === recommender.name ? [patient(recommender)] : [];
    }),
    dropsRead: true,
    random: createRandom(),
    clock: { now: () => now },
    logger: createLogger('groundswell', 'error'),
  });
  const { log } = pipeline.stores;
  await log.createTopics([{ name: recommender.events.name, partitions: 1 }]);
  const producer = await log.producer();
  const running = pipeline.runner.units().find(({ program }) => program.name === recommender.name)?.running;
  const send = async (method: string, path: string, body: object): Promise<Response> => {
    const door = (running as RecommendRunning | undefined)?.door;
    if (door === undefined) throw new Error(`Cannot evaluate "${recommender.recommender}": it does not start`);
    const answer = await door(new Request(`http://evaluate${path}`, { method, body: JSON.stringify(body) }));
    if (answer.status < 300) return answer;
    throw new Error(`Cannot evaluate "${recommender.recommender}": it answers ${answer.status} ${await answer.text()}`);
  };
  const settle = async (): Promise<void> => {
    throwIfStalled(pipeline.runner.units());
    while ((await pipeline.runner.cycle(0)) > 0) throwIfStalled(pipeline.runner.units());
  };
  const tell = async (told: readonly SocialEvent[]): Promise<void> => {
    await settle();
    for (let from = 0; from < told.length; from += batchEvents) {
      const part = told.slice(from, from + batchEvents);
      await producer.send(
        recommender.events.name,
        part.map((event) => eventRecord(event.post_id, event)),
      );
      await settle();
      onProgress(from + part.length);
    }
  };
  const close = async (): Promise<void> => {
    await producer.close();
    await pipeline.close();
  };
  await tell(events).catch(async (err) => {
    await close();
    throw err;
  });
  return {
    tell,
    close,
    recommend: async (user, count) => {
      now += betweenQuestionsMs;
      const answer = await send('POST', '/v1/recommend', { user_id: user, limit: count });
      return Recommendations.parse(await answer.json()).items.map(({ item_id }) => item_id);
    },
    name: async (user, tags) => {
      await send('PUT', '/v1/interests', { user_id: user, tags });
    },
  };
};

/** The same draws in each run. */
const createRandom = (): (() => number) => {
  let draws = 0;
  return () => shareOf(`draw ${draws++}`);
};
