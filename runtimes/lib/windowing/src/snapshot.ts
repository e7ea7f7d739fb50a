import { type ByteReader, type ByteWriter, createByteReader, createByteWriter } from './bytes.ts';
import { type LedgerEntry, outcomes } from './ledger.ts';
import type { Mechanism, Scope } from './mechanism.ts';
import { times } from './times.ts';
import type { WatermarksSnapshot } from './watermarks.ts';

/** Cannot be gone on from: it is cut short, or of a windower with other options. */
export class CorruptSnapshotError extends Error {
  override readonly name = 'CorruptSnapshotError';
}

export interface SavedValues {
  readonly ledger: ReadonlyMap<number, LedgerEntry>;
  readonly watermarks: WatermarksSnapshot;
}

/** All of a state, then changes to it in their order. */
export type Parts = readonly [all: Uint8Array, ...changes: Uint8Array[]];

type State = Pick<Mechanism<never>, 'signature' | 'write' | 'restore'>;

/** Weights are not in the signature: they may change. */
export const writeSnapshot = (mechanism: State, values: SavedValues, scope: Scope): Uint8Array => {
  const to = createByteWriter();
  to.text(mechanism.signature);
  writeValues(to, values);
  mechanism.write(to, scope);
  return to.bytes();
};

/** @param parts all of a state, and the changes to it in their order @throws CorruptSnapshotError */
export const readSnapshot = (mechanism: State, [all, ...changes]: Parts): SavedValues => {
  try {
    const restoring = mechanism.restore();
    const read = (bytes: Uint8Array): SavedValues => {
      const from = createByteReader(bytes);
      const [found, needed] = [from.text(), mechanism.signature];
      if (found !== needed) throw new RangeError(`it is of ${found}, ${needed} is needed`);
      const values = readValues(from);
      restoring.load(from);
      if (!from.ended()) throw new RangeError('bytes are left over');
      return values;
    };
    let values = read(all);
    for (const change of changes) values = read(change);
    restoring.resume();
    return values;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CorruptSnapshotError(`Cannot restore a windower: the snapshot does not fit, ${why}`, { cause });
  }
};

const writeValues = (to: ByteWriter, { ledger, watermarks }: SavedValues): void => {
  to.number(watermarks.current);
  to.number(watermarks.partitions.length);
  for (const [partition, watermark] of watermarks.partitions) {
    to.number(partition);
    to.number(watermark);
  }
  to.number(ledger.size);
  for (const [partition, entry] of ledger) {
    to.number(partition);
    to.number(entry.in);
    for (const outcome of outcomes) to.number(entry[outcome]);
  }
};

const readValues = (from: ByteReader): SavedValues => {
  const current = from.number();
  const partitions = times(from.number(), () => [from.number(), from.number()] as const);
  const ledger = times(from.number(), () => {
    const partition = from.number();
    const entry = { in: from.number(), aggregated: 0, late: 0, filtered: 0, duplicate: 0, deadLettered: 0 };
    for (const outcome of outcomes) entry[outcome] = from.number();
    return [partition, entry] as const;
  });
  return { watermarks: { current, partitions }, ledger: new Map(ledger) };
};
