import type { AlertChannel } from '@groundswell/graph';
import type { Message } from '../message.ts';

type Form = Extract<AlertChannel, { readonly kind: 'slack' }>['form'];

/** Longest text of a section, and of a header, as Slack documents them. */
const longestSection = 3_000;
const longestHeader = 150;

/** The three characters that Slack reads as markup of its own. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

const signs = { Info: ':information_source:', Warning: ':warning:', Critical: ':rotating_light:' } as const;

const isWebAddress = (link: string | undefined): link is string => link !== undefined && /^https?:\/\//.test(link);

const blocksOf = ({ title, text, severity, rule, alerts }: Message): readonly object[] => {
  const [first] = alerts;
  const isOne = alerts.length === 1 && first !== undefined;
  const about = isOne ? `${severity} · ${rule} · ${first.model}/${first.variant}` : `${severity} · ${rule}`;
  return [
    { type: 'header', text: { type: 'plain_text', text: cut(title, longestHeader), emoji: false } },
    ...(text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: cut(escaped(text), longestSection) } }]),
    { type: 'context', elements: [{ type: 'mrkdwn', text: `${signs[severity]} ${escaped(about)}` }] },
    ...(isOne && isWebAddress(first.link)
      ? [
          {
            type: 'actions',
            elements: [{ type: 'button', text: { type: 'plain_text', text: 'Open the post' }, url: first.link }],
          },
        ]
      : []),
  ];
};

/** Body for an incoming webhook. With blocks, `text` is what notifications show. */
export const slackPayload = (message: Message, form: Form): object => {
  const { title, text } = message;
  if (form === 'Text') return { text: `*${escaped(title)}*\n${escaped(text)}` };
  return { text: escaped(title), blocks: blocksOf(message) };
};
