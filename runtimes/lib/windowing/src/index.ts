export type {
  Aggregation,
  Counting,
  Derive,
  Derived,
  Distinct,
  LastN,
  Measured,
  OfValues,
  Ranked,
  Scalar,
  TopK,
  Value,
  Values,
  Weighting,
  Weights,
} from './aggregation.ts';
export { scalarOf, standsForOf } from './aggregation.ts';
export { createWindower } from './create-windower.ts';
export { createInputs, type Inputs } from './inputs.ts';
export { createKeyReader, type KeyField } from './key-reader.ts';
export { createLedger, isBalanced, type LedgerEntry, type Outcome, outcomes, totalOf } from './ledger.ts';
export type { Shape } from './shape.ts';
export { CorruptSnapshotError, type Parts } from './snapshot.ts';
export type { Upsert } from './upsert.ts';
export { createWatermarks, type WatermarkOptions, type Watermarks, type WatermarksSnapshot } from './watermarks.ts';
export type { Evicted, Size, Windower, WindowerOptions } from './windower.ts';
