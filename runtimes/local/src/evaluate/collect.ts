import type { Log } from '@groundswell/stores';
import { contentOf, type Outcome, type Prediction } from '@groundswell/wire';

/** Reads what the scorer logs, as training and evaluation need it. */
export interface Collector {
  /** Takes what has come since the last call. */
  collect(): Promise<void>;
  readonly predictions: Prediction[];
  readonly outcomes: Outcome[];
  close(): Promise<void>;
}

export const createCollector = async (
  log: Log,
  topics: { predictions: string; outcomes: string },
): Promise<Collector> => {
  const consumer = await log.consumer({ topics: [topics.predictions, topics.outcomes], from: 'earliest' });
  const predictions: Prediction[] = [];
  const outcomes: Outcome[] = [];
  return {
    predictions,
    outcomes,
    collect: async () => {
      for (;;) {
        const batches = await consumer.poll({ maxRecords: 10_000, maxWaitMs: 0 });
        if (batches.length === 0) return;
        for (const { topic, records } of batches)
          for (const record of records) {
            const content = contentOf(record);
            if (content === undefined) continue;
            if (topic === topics.predictions) predictions.push(content as Prediction);
            else outcomes.push(content as Outcome);
          }
      }
    },
    close: () => consumer.close(),
  };
};
