import type { AlertRule } from '@groundswell/graph';
import {
  type Alert,
  type alertTemplateNames,
  fillTemplate,
  type PostCard,
  parseTemplate,
  type Reason,
} from '@groundswell/wire';
import type { FiredAlert } from './conditions.ts';

/** What is known of a post beside its prediction. */
export interface Known {
  readonly card?: PostCard | undefined;
  readonly reposts?: number | undefined;
  readonly why: readonly Reason[];
  /** Template of the link to a post. */
  readonly postUrl?: string | undefined;
}

type Names = (typeof alertTemplateNames)[number];

const longestText = 500;

const units: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

const ageText = (ms: number): string => {
  const [size, unit] = units.find(([from]) => ms >= from) ?? [1_000, 's'];
  return `${Math.floor(ms / size)} ${unit}`;
};
const timeText = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const cut = (text: string): string => {
  const characters = [...text];
  return characters.length <= longestText ? text : `${characters.slice(0, longestText - 1).join('')}…`;
};

const linkOf = ({ post_id, author_id }: FiredAlert, postUrl: string | undefined): string | undefined =>
  postUrl === undefined
    ? undefined
    : fillTemplate(parseTemplate(postUrl), (name) => encodeURIComponent({ post_id, author_id }[name] ?? ''));

const valuesOf = (alert: FiredAlert, { card, reposts, why, postUrl }: Known): Readonly<Record<Names, string>> => ({
  ...{ rule: alert.rule, severity: alert.severity, key: alert.key, group: alert.group ?? '' },
  ...{ model: alert.model, variant: alert.variant, post_id: alert.post_id, author_id: alert.author_id },
  author_name: card?.author_name ?? alert.author_id,
  text: cut(card?.text ?? ''),
  tags: (card?.tags ?? []).map((tag) => `#${tag}`).join(' '),
  score: alert.score === null ? '–' : alert.score.toFixed(3),
  age: ageText(alert.age_ms),
  ...{ posted_at: timeText(alert.posted_at), scored_at: timeText(alert.scored_at) },
  reposts: reposts === undefined ? '–' : String(reposts),
  why: why.map((reason) => reason.text).join(', '),
  link: linkOf(alert, postUrl) ?? '',
});

/** Score, age, reasons and a link, each where there is one. */
const standardText = ({ author_name, text, score, age, reposts, why, link }: ReturnType<typeof valuesOf>): string =>
  [
    ...(text === '' ? [] : [`${author_name}: ${text}`]),
    `Score ${score}, ${age} after it appeared${reposts === '–' ? '' : `, ${reposts} reposts so far`}`,
    ...(why === '' ? [] : [`Because: ${why}`]),
    ...(link === '' ? [] : [link]),
  ].join('\n');

/** Whether the words of a rule speak of reasons, which are known a moment later than the score. */
export const saysWhy = ({ title, text }: Pick<AlertRule, 'title' | 'text'>): boolean =>
  text === undefined || /\{why\}/.test(title + text);

/** The alert with its title and text. */
export const withWords = (
  alert: FiredAlert,
  { title, text }: Pick<AlertRule, 'title' | 'text'>,
  known: Known,
): Alert => {
  const values = valuesOf(alert, known);
  const fill = (template: string): string =>
    fillTemplate(parseTemplate(template), (name) => (values as Readonly<Record<string, string>>)[name] ?? '');
  const link = linkOf(alert, known.postUrl);
  return {
    ...alert,
    title: fill(title).replaceAll(/\s+/g, ' ').trim(),
    text: text === undefined ? standardText(values) : fill(text),
    ...(link !== undefined && { link }),
  };
};
