import type { Values } from '../aggregation.ts';
import { createWindower } from '../create-windower.ts';
import type { Parts } from '../snapshot.ts';
import type { Upsert } from '../upsert.ts';
import type { Windower, WindowerOptions } from '../windower.ts';
import type { Input, Post } from './inputs.ts';

/** Everything that a windower said, as stores that take upserts hold it. */
export interface Seen {
  readonly windower: Windower<Post>;
  readonly outcomes: readonly string[];
  /** Every upsert in its order. */
  readonly upserts: readonly Upsert[];
  /** Key → end → values; null where the window became empty. */
  readonly byWindow: ReadonlyMap<string, ReadonlyMap<number, Values | null>>;
  /** Key → newest values, as a hash holds them. */
  readonly newest: ReadonlyMap<string, Values>;
}

export const keyText = (key: readonly string[]): string => JSON.stringify(key);

const takeAll = (windower: Windower<Post>, limit: number): readonly Upsert[] => {
  const all: Upsert[] = [];
  for (let some = windower.fire(limit); some.length > 0; some = windower.fire(limit)) all.push(...some);
  return [...all, ...windower.heads()];
};

export interface Restart {
  /** Before this input. */
  readonly at: number;
  readonly options: WindowerOptions<Post>;
}

/** Feeds a windower, which is saved after each cycle and restored where it is said. Ends with a cycle. */
export const run = (options: WindowerOptions<Post>, inputs: readonly Input[], restart?: Restart): Seen => {
  let windower = createWindower(options);
  const outcomes: string[] = [];
  const upserts: Upsert[] = [];
  let saved: Parts | undefined;
  const save = (): void => {
    saved = saved === undefined ? [windower.snapshot()] : [...saved, windower.changes()];
  };
  for (const [i, input] of inputs.entries()) {
    if (i === restart?.at) {
      upserts.push(...takeAll(windower, 1000));
      save();
      windower = createWindower(restart.options, saved);
      saved = undefined;
    }
    switch (input.kind) {
      case 'partitions':
        windower.assign(input.partitions);
        break;
      case 'watermark':
        windower.advance(input.partition, input.watermark);
        break;
      case 'reweigh':
        windower.reweigh('weighted', input.weights);
        break;
      case 'evict':
        upserts.push(...takeAll(windower, 1000), ...windower.evict(input.keys).upserts);
        break;
      case 'cycle':
        upserts.push(...takeAll(windower, input.limit));
        if (restart !== undefined) save();
        break;
      case 'event':
        outcomes.push(windower.accept(input.partition, input.post));
        break;
    }
  }
  upserts.push(...takeAll(windower, 1000));
  return { windower, outcomes, upserts, ...heldOf(upserts) };
};

const heldOf = (upserts: readonly Upsert[]): Pick<Seen, 'byWindow' | 'newest'> => {
  const byWindow = new Map<string, Map<number, Values | null>>();
  const newest = new Map<string, Values>();
  for (const upsert of upserts) {
    const key = keyText(upsert.key);
    byWindow.set(key, (byWindow.get(key) ?? new Map()).set(upsert.end, upsert.values));
    if (!upsert.newest) continue;
    if (upsert.values === null) newest.delete(key);
    else newest.set(key, upsert.values);
  }
  return { byWindow, newest };
};

/** What a reader of the upserts knows of the window that ends at `end`: the newest upsert up to it. */
export const foldAt = (ends: ReadonlyMap<number, Values | null> | undefined, end: number): Values | undefined => {
  let newest = -Infinity;
  for (const at of ends?.keys() ?? []) if (at <= end && at > newest) newest = at;
  return ends?.get(newest) ?? undefined;
};
