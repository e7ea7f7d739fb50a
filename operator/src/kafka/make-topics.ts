import type { TopicOnKafka } from '@groundswell/graph';
import type { Log } from '@groundswell/stores';
import { done, runController } from '../engine/controller.ts';
import { createQueue, type Timers } from '../engine/queue.ts';

export interface TopicMakerOptions {
  /** Connects to the Kafka of a pipeline. */
  readonly open: (key: string) => Promise<Pick<Log, 'createTopics' | 'close'>>;
  readonly timers: Timers;
  readonly random: () => number;
  readonly onError: (key: string, error: unknown) => void;
}

/** Makes topics that are missing. Those that are there are left as they are: what is in them may be worth more than what is written. */
export interface TopicMaker {
  /** What a pipeline `namespace/name` needs now; none where the operator makes no topics for it. */
  want(key: string, topics: readonly TopicOnKafka[]): void;
  /** Works until it is closed. */
  run(): Promise<void>;
  close(): void;
}

export const createTopicMaker = ({ open, timers, random, onError }: TopicMakerOptions): TopicMaker => {
  const queue = createQueue({ timers, random, initialMs: 5_000, maxMs: 600_000 });
  const wanted = new Map<string, { readonly text: string; readonly topics: readonly TopicOnKafka[] }>();
  const make = async (key: string) => {
    const { topics } = wanted.get(key) ?? {};
    if (topics === undefined) return done;
    const log = await open(key);
    try {
      await log.createTopics(topics);
    } finally {
      await log.close();
    }
    return done;
  };
  return {
    want: (key, topics) => {
      const text = JSON.stringify(topics);
      if (topics.length === 0) wanted.delete(key);
      else if (wanted.get(key)?.text !== text) {
        wanted.set(key, { text, topics });
        queue.add(key);
      }
    },
    run: () =>
      runController({
        queue,
        workers: 2,
        reconcile: make,
        now: timers.now,
        onResult: ({ key, result, error }) => {
          if (result === 'error') onError(key, error);
        },
      }),
    close: queue.close,
  };
};
