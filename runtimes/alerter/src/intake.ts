import { traceHeader } from '@groundswell/process';
import type { Batch, LogRecord, Poison, Position } from '@groundswell/stores';
import { contentOf, Prediction, stampsOf } from '@groundswell/wire';

interface Taken {
  /** Those that answer: shadows tell nobody anything. */
  readonly predictions: readonly Prediction[];
  readonly poison: readonly Poison[];
  /** When they were scored, wall times in ms, where records say so, and what they carry, where they are traced. */
  readonly scored: readonly { readonly at: number; readonly traceparent: string | undefined }[];
}

const predictionIn = (record: LogRecord): Prediction | undefined => {
  const content = contentOf(record);
  if (content === undefined || (content as Partial<Prediction>).shadow === true) return undefined;
  return Prediction.parse(content);
};

/** Reads what was polled, and moves the positions behind it. What was read before is left out. */
export const takePredictions = (batches: readonly Batch[], positions: Map<string, Position>): Taken => {
  const predictions: Prediction[] = [];
  const poison: Poison[] = [];
  const scored: Taken['scored'][number][] = [];
  for (const { topic, partition, records } of batches) {
    const id = `${topic}/${partition}`;
    const from = positions.get(id)?.offset ?? 0n;
    for (const record of records) {
      if (record.offset < from) continue;
      try {
        const prediction = predictionIn(record);
        if (prediction === undefined) continue;
        predictions.push(prediction);
        const stamps = stampsOf(record.headers);
        if (stamps !== undefined) scored.push({ at: stamps.score, traceparent: record.headers[traceHeader] });
      } catch (error) {
        poison.push({ topic, partition, record, reason: error instanceof Error ? error.message : String(error) });
      }
    }
    const last = records.at(-1);
    if (last !== undefined && last.offset >= from) positions.set(id, { topic, partition, offset: last.offset + 1n });
  }
  return { predictions, poison, scored };
};
