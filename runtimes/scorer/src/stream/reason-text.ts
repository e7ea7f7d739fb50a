import type { Feature, FeatureSource } from '@groundswell/graph';

type WindowSource = Extract<FeatureSource, { readonly kind: 'window' }>;

const units: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };

const plural = (count: number, noun: string): string => (count === 1 ? noun : `${noun}s`);

const period = /(?:^|[-_])(\d+)([smhd])$/;

/** `post-10m` and `reposts_10m` speak of the last 10 minutes. */
const periodOf = (name: string): string | undefined => {
  const [, amount, unit] = period.exec(name) ?? [];
  const word = units[unit ?? ''];
  if (amount === undefined || word === undefined) return undefined;
  return amount === '1' ? `in the last ${word}` : `in the last ${amount} ${word}s`;
};

const wordsOf = (name: string): string => name.replaceAll(/[_-]+/g, ' ').trim();

/** Whole numbers with separators; others with three digits that matter. */
const numberOf = (value: number): string =>
  Math.abs(value) >= 1000 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(3)));

/** `1 repost`, `37 reposts`, `1 people` is left. */
const counted = (value: number, noun: string): string => {
  const words = wordsOf(noun);
  return `${numberOf(value)} ${value === 1 && /[^s]s$/.test(words) ? words.slice(0, -1) : words}`;
};

/** Whose figure it is, by the window's key; of the post itself nothing is said. */
const ownerOf = ({ key }: WindowSource): string => {
  const owners = key.flatMap(({ name }) => {
    if (name === 'post_id') return [];
    if (name === 'author_id' || name === 'user_id') return ['by the author'];
    return [`by ${wordsOf(name)}`];
  });
  return owners.join(' ');
};

/** What can be counted: `reposts`, but not `age_avg`. */
const isCountable = (noun: string): boolean => /([^s]s|people)$/.test(noun);

const windowText = (name: string, source: WindowSource, value: number): string => {
  const noun = source.field.replace(period, '');
  const what = isCountable(noun)
    ? [counted(value, noun), ownerOf(source)]
    : [wordsOf(name.replace(period, '')), numberOf(value)];
  const when = periodOf(name) ?? periodOf(source.field) ?? periodOf(source.window) ?? '';
  return [...what, when].filter((part) => part !== '').join(' ');
};

/**
 * What a feature says of a post, in words: `37 reposts in the last 10 minutes`, `12,000 followers`, `not verified`,
 * `sentiment 0.64`. Made from the feature's name and source alone, so that it holds for any model.
 */
export const reasonText = ({ name, type, source }: Feature, value: number): string => {
  const words = wordsOf(name);
  if (Number.isNaN(value)) return `${words} unknown`;
  if (type === 'bool') return value === 0 ? `not ${words}` : words;
  if (source.kind === 'window') return windowText(name, source, value);
  const field = /^event(?:\.[a-z_]+)*\.([a-z_]+)$/.exec(source.expression)?.[1];
  if (field !== undefined) return counted(value, field);
  const [, of, unit] = /^(.+)_(seconds?|minutes?|hours?|days?)$/.exec(name) ?? [];
  if (of === undefined || unit === undefined) return `${words} ${numberOf(value)}`;
  return `${wordsOf(of)} ${numberOf(value)} ${plural(Number(numberOf(value)), unit.replace(/s$/, ''))}`;
};
