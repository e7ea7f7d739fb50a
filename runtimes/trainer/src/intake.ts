import type { TrainerProgram } from '@groundswell/graph';
import { type Batch, createOffsets, type Position } from '@groundswell/stores';
import { decodeJson, type Outcome, type Prediction } from '@groundswell/wire';
import type { Spool } from './spool.ts';

/** Takes what the scorer logged of one model to the spool. */
export interface Intake {
  /** Answers how many records there were. */
  take(batches: readonly Batch[]): number;
  positions(): readonly Position[];
  /** Newest event time, ms; undefined before the first record. */
  now(): number | undefined;
  /** 1: a negative outcome has matured; 2: a positive one; 3: both. */
  classes(): number;
  hasBothClasses(): boolean;
  /** Records that are no JSON. */
  unreadable(): number;
}

interface Begin {
  readonly now: number | undefined;
  readonly classes: number;
  readonly positions: readonly Position[];
}

export const createIntake = (program: TrainerProgram, spool: Spool, from: Begin): Intake => {
  const { model, predictions, outcome, agesMs } = program;
  const offsets = createOffsets(from.positions);
  const ages = new Set(agesMs);
  let { now, classes } = from;
  let unreadable = 0;

  const see = (at: number): void => {
    if (now === undefined || at > now) now = at;
  };
  const takeOne = (topic: string, value: Uint8Array): void => {
    if (topic === predictions.name) {
      const prediction = decodeJson(value) as Prediction;
      if (prediction.model !== model) return;
      see(prediction.scored_at);
      if (prediction.trigger !== 'change' && ages.has(prediction.age_ms)) spool.add('vectors', value);
      return;
    }
    const matured = decodeJson(value) as Outcome;
    if (matured.outcome !== outcome) return;
    see(matured.matured_at);
    classes |= matured.positive ? 2 : 1;
    spool.add('outcomes', value);
  };
  return {
    take: (batches) => {
      for (const { topic, records } of batches)
        for (const { value } of records) {
          try {
            if (value !== null) takeOne(topic, value);
          } catch {
            unreadable++;
          }
        }
      return offsets.take(batches);
    },
    positions: () => offsets.positions(),
    now: () => now,
    classes: () => classes,
    hasBothClasses: () => classes === 3,
    unreadable: () => unreadable,
  };
};
