/** How what a mapping gives becomes what a field holds. */
export interface Conversion {
  /** undefined for what cannot be converted. Never called for what is absent. */
  readonly convert: (value: unknown) => unknown;
  /** Ends "… is needed". */
  readonly needs: string;
}

export type TimeUnit = 's' | 'ms' | 'us' | 'iso';

/** Absent values are left out of the event: an empty column, a missing member, not a number. */
export const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'number' && Number.isNaN(value));

const toText: Conversion = {
  // A JSON number beyond 2^53 is not what was written in the file any more; as an id it would be a wrong one.
  convert: (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
    return typeof value === 'number' && !Number.isInteger(value) ? String(value) : undefined;
  },
  needs: 'a text or a number up to 2^53',
};

const toNumber: Conversion = {
  convert: (value) => {
    if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
    if (typeof value === 'boolean') return Number(value);
    if (typeof value !== 'string' || value.trim() === '') return undefined;
    const number = Number(value);
    if (Number.isFinite(number)) return number;
    const truth = truths.get(value);
    return truth === undefined ? undefined : Number(truth);
  },
  needs: 'a number',
};

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'True', 'TRUE', 't', 'yes'].map((text) => [text, true] as const),
  ...['false', 'False', 'FALSE', 'f', 'no'].map((text) => [text, false] as const),
]);

const toTruth: Conversion = {
  convert: (value) => {
    if (typeof value === 'boolean') return value;
    if (value === '1' || value === 1) return true;
    if (value === '0' || value === 0) return false;
    return typeof value === 'string' ? truths.get(value) : undefined;
  },
  needs: 'true or false',
};

const toList: Conversion = {
  convert: (value) => {
    if (Array.isArray(value)) return value;
    if (typeof value !== 'string') return undefined;
    if (!value.startsWith('[')) return value.split(/[\s,;|]+/).filter((item) => item !== '');
    try {
      return JSON.parse(value);
    } catch {
      return undefined;
    }
  },
  needs: 'a list, JSON, or words between commas or spaces',
};

const toScalar: Conversion = {
  convert: (value) => (typeof value === 'object' ? undefined : value),
  needs: 'a number, a text, true or false',
};

const perUnit = { s: 1000, ms: 1, us: 0.001 } as const;

const isoForm = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)? ?(Z|[+-]\d\d:?\d\d)?$/;

/** ms since the epoch of ISO 8601 text; without a zone it is UTC, wherever this runs. */
const parseIso = (text: string): number | undefined => {
  const found = isoForm.exec(text);
  if (found === null) return undefined;
  const [, time, , , zone] = found;
  const at = Date.parse(time !== undefined && zone === undefined ? `${text}Z` : text);
  return Number.isNaN(at) ? undefined : at;
};

/** Times become whole ms since the epoch. */
const timeIn = (unit: TimeUnit): Conversion =>
  unit === 'iso'
    ? {
        convert: (value) => (typeof value === 'string' ? parseIso(value) : undefined),
        needs: 'a time as in 2026-11-21T08:00:00Z',
      }
    : {
        convert: (value) => {
          const number = toNumber.convert(value);
          return typeof number === 'number' ? Math.round(number * perUnit[unit]) : undefined;
        },
        needs: `a time in ${unit} since the epoch`,
      };

const text = ['id', 'type', 'post_id', 'user_id', 'author_id', 'parent_id', 'text', 'lang', 'user.name'];
const numbers = ['links', 'media', 'mentions', 'followers', 'following', 'posts', 'listed', 'favourites'];
const userNumbers = numbers.slice(3).map((name) => `user.${name}`);

/** Every field that a mapping can fill, but for those that it names itself: `attributes.…` and `outcome.…`. */
const fields: ReadonlyMap<string, Conversion | 'time'> = new Map<string, Conversion | 'time'>([
  ...text.map((field) => [field, toText] as const),
  ...[...numbers.slice(0, 3), ...userNumbers].map((field) => [field, toNumber] as const),
  ['user.verified', toTruth],
  ['tags', toList],
  ['at', 'time'],
  ['posted_at', 'time'],
  ['user.created_at', 'time'],
]);

export const mappableFields: readonly string[] = [...fields.keys(), 'attributes.…', 'outcome.…'];

/** The conversion for a field, or undefined where there is no such field. */
export const conversionOf = (field: string, unit: TimeUnit): Conversion | undefined => {
  if (/^attributes\.[^.]+$/.test(field)) return toScalar;
  if (/^outcome\.[^.]+$/.test(field)) return toNumber;
  const conversion = fields.get(field);
  return conversion === 'time' ? timeIn(unit) : conversion;
};
