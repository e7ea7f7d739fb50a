import { type CelProgram, compileCel } from '@groundswell/cel';
import { parseTemplate, type SocialEvent } from '@groundswell/wire';
import type { Feature, HashRead, Moment, WindowSource } from './feature.ts';

type Combine = WindowSource['combine'];
type Scope = Readonly<Record<string, unknown>>;

/** A post names so many hashes of one group at most; further elements of its lists are not read. */
const maxReadsOfGroup = 64;

/** Features of a window that read the same hashes share one group, so that each hash is read once. */
interface Group {
  readonly window: string;
  /** The template's texts; before the text at `i + 1` comes the key at `places[i]`. */
  readonly texts: readonly string[];
  readonly places: readonly number[];
  readonly keys: readonly CelProgram[];
  readonly fields: string[];
}

export interface WindowValues {
  /** Windows that values are read of. */
  readonly read: readonly string[];
  /** Windows whose watermark is asked for. */
  readonly windows: readonly string[];
  reads(event: SocialEvent): readonly HashRead[];
  /** How a window feature gets its value, NaN where it is missing or stale; undefined for other features. */
  readerOf(feature: Feature): ((moment: Moment) => number) | undefined;
}

/** What a set of features reads from windows. @throws CelError */
export const createWindowValues = (features: readonly Feature[]): WindowValues => {
  const groups = new Map<string, Group>();
  const windows = new Set<string>();
  const readers = new Map<Feature, (moment: Moment) => number>();
  for (const feature of features) {
    const { source } = feature;
    if (source.kind !== 'window') continue;
    const id = JSON.stringify([source.window, source.hash, source.key]);
    const group = groups.get(id) ?? groupOf(source);
    groups.set(id, group);
    if (!group.fields.includes(source.field)) group.fields.push(source.field);
    if (source.maxStalenessMs !== undefined) windows.add(source.window);
    const at = { group: [...groups.keys()].indexOf(id), field: group.fields.indexOf(source.field) };
    readers.set(feature, readerOf(source, at));
  }
  const all = [...groups.values()];
  return {
    read: [...new Set(all.map(({ window }) => window))],
    windows: [...windows],
    reads: (event) => {
      const reads: HashRead[] = [];
      const scope = { event };
      for (const [index, group] of all.entries()) pushReads(reads, group, { index, scope });
      return reads;
    },
    readerOf: (feature) => readers.get(feature),
  };
};

const groupOf = ({ window, hash, key }: WindowSource): Group => {
  const parts = parseTemplate(hash);
  const placeOf = (named: string): number => {
    const place = key.findIndex(({ name }) => name === named);
    if (place !== -1) return place;
    throw new RangeError(`Cannot read window "${window}": "${hash}" names {${named}}, one of its keys is needed`);
  };
  return {
    window,
    texts: parts.filter((_, i) => i % 2 === 0),
    places: parts.filter((_, i) => i % 2 === 1).map(placeOf),
    keys: key.map(({ value }) => compileCel(value, { variables: ['event'] })),
    fields: [],
  };
};

/** One read for each combination of the elements of its keys; none where a key is missing. Called for every score. */
const pushReads = (reads: HashRead[], group: Group, { index, scope }: { index: number; scope: Scope }): void => {
  const { keys, fields } = group;
  const most = reads.length + maxReadsOfGroup;
  const chosen: string[] = [];
  const choose = (depth: number): void => {
    const key = keys[depth];
    if (key === undefined) {
      if (reads.length < most) reads.push({ group: index, window: group.window, hash: filled(group, chosen), fields });
      return;
    }
    const value = key(scope);
    for (const each of Array.isArray(value) ? new Set(value) : [value]) {
      const isKey = typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean';
      if (!isKey) continue;
      chosen[depth] = String(each);
      choose(depth + 1);
    }
  };
  choose(0);
};

const filled = ({ texts, places }: Group, chosen: readonly string[]): string => {
  let hash = texts[0] ?? '';
  for (let i = 0; i < places.length; i++) hash += (chosen[places[i] ?? -1] ?? '') + (texts[i + 1] ?? '');
  return hash;
};

interface Place {
  readonly group: number;
  readonly field: number;
}

const readerOf = (source: WindowSource, place: Place): ((moment: Moment) => number) => {
  const { window, maxStalenessMs, combine } = source;
  if (maxStalenessMs === undefined) return (moment) => combined(moment, place, combine);
  return (moment) => {
    const watermark = moment.watermarks.get(window);
    const isFresh = watermark !== undefined && moment.at - watermark <= maxStalenessMs;
    return isFresh ? combined(moment, place, combine) : Number.NaN;
  };
};

/** Over the keys that have a value. */
const combined = ({ reads, values }: Moment, { group, field }: Place, combine: Combine): number => {
  let result = Number.NaN;
  let count = 0;
  for (let i = 0; i < reads.length; i++) {
    if (reads[i]?.group !== group) continue;
    const value = numberOf(values[i]?.[field]);
    if (Number.isNaN(value)) continue;
    result = count === 0 ? value : combiners[combine](result, value);
    count++;
  }
  return combine === 'Mean' ? result / count : result;
};

const add = (a: number, b: number): number => a + b;
const combiners: Readonly<Record<Combine, (a: number, b: number) => number>> = {
  Max: Math.max,
  Min: Math.min,
  Sum: add,
  Mean: add,
};

/** Values stand in hashes as text, in which zero has no sign; within a process as they were given. */
const numberOf = (value: unknown): number => {
  if (typeof value === 'number') return value + 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value === '') return Number.NaN;
  if (value === 'true') return 1;
  return value === 'false' ? 0 : Number(value);
};
