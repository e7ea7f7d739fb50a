import type { RolloutProgram } from '@groundswell/graph';
import type { Batch, LogRecord, Poison, Position } from '@groundswell/stores';
import { contentOf, Outcome, Prediction } from '@groundswell/wire';
import type { Book } from './book.ts';

/** Hands records to the book, and knows where to read on. */
export interface Intake {
  /** Answers what could not be used. */
  take(batches: readonly Batch[], book: Book): readonly Poison[];
  positions(): readonly Position[];
}

const idOf = (topic: string, partition: number): string => `${topic}/${partition}`;

export const createIntake = (program: RolloutProgram, from: readonly Position[]): Intake => {
  const next = new Map(from.map((position) => [idOf(position.topic, position.partition), position]));

  const takeRecord = (topic: string, record: LogRecord, book: Book): void => {
    // Control records say nothing here: a label that is there has matured.
    const content = contentOf(record);
    if (content === undefined) return;
    if (topic === program.outcomes.name) book.matured(Outcome.parse(content));
    else {
      const prediction = Prediction.parse(content);
      if (prediction.model === program.model) book.predicted(prediction);
    }
  };
  const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  return {
    take: (batches, book) => {
      const poison: Poison[] = [];
      for (const { topic, partition, records } of batches) {
        const from = next.get(idOf(topic, partition))?.offset ?? 0n;
        for (const record of records) {
          if (record.offset < from) continue;
          try {
            takeRecord(topic, record, book);
          } catch (error) {
            poison.push({ topic, partition, record, reason: reasonOf(error) });
          }
        }
        const last = records.at(-1);
        if (last !== undefined && last.offset >= from)
          next.set(idOf(topic, partition), { topic, partition, offset: last.offset + 1n });
      }
      return poison;
    },
    positions: () => [...next.values()],
  };
};
