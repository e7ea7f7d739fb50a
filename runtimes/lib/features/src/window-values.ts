import { type CelProgram, compileCel } from '@groundswell/cel';
import { fillTemplate, parseTemplate, type SocialEvent } from '@groundswell/wire';
import type { Combine, Feature, FeatureSource, HashRead, Moment } from './feature.ts';

type WindowSource = Extract<FeatureSource, { readonly kind: 'window' }>;
type Scope = Readonly<Record<string, unknown>>;

/** A post names so many hashes of one group at most; further elements of its lists are not read. */
const maxReadsOfGroup = 64;

/** Windows features that read the same hashes share one group, so that each hash is read once. */
interface Group {
  readonly parts: readonly string[];
  readonly keys: readonly { readonly name: string; readonly values: CelProgram }[];
  readonly fields: string[];
}

export interface WindowValues {
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
    const id = JSON.stringify([source.hash, source.key]);
    const group = groups.get(id) ?? groupOf(source);
    groups.set(id, group);
    if (!group.fields.includes(source.field)) group.fields.push(source.field);
    if (source.maxStalenessMs !== undefined) windows.add(source.window);
    const at = { group: [...groups.keys()].indexOf(id), field: group.fields.indexOf(source.field) };
    readers.set(feature, readerOf(source, at));
  }
  const all = [...groups.values()];
  return {
    windows: [...windows],
    reads: (event) => all.flatMap((group, index) => readsOf(group, index, { event })),
    readerOf: (feature) => readers.get(feature),
  };
};

const groupOf = ({ hash, key }: WindowSource): Group => ({
  parts: parseTemplate(hash),
  keys: key.map(({ name, value }) => ({ name, values: compileCel(value, { variables: ['event'] }) })),
  fields: [],
});

/** One read for each combination of the elements of its keys; none where a key is missing. */
const readsOf = ({ parts, keys, fields }: Group, group: number, scope: Scope): HashRead[] => {
  let combinations: Readonly<Record<string, string>>[] = [{}];
  for (const { name, values } of keys) {
    const texts = textsOf(values(scope));
    combinations = combinations.flatMap((filled) => texts.map((text) => ({ ...filled, [name]: text })));
    combinations.length = Math.min(combinations.length, maxReadsOfGroup);
  }
  return combinations.map((filled) => ({
    group,
    hash: fillTemplate(parts, (name) => filled[name] ?? ''),
    fields,
  }));
};

const textsOf = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return [...new Set(value.flatMap(textsOf))];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
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

/** Values stand in hashes as text. */
const numberOf = (text: string | undefined): number => {
  if (text === undefined || text === '') return Number.NaN;
  if (text === 'true') return 1;
  return text === 'false' ? 0 : Number(text);
};
