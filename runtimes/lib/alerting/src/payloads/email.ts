import type { AlertChannel } from '@groundswell/graph';
import type { Message } from '../message.ts';

type Email = Extract<AlertChannel, { readonly kind: 'email' }>;

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

const priorities = { Info: '5', Warning: '3', Critical: '1' } as const;

/** What stands behind the @ of a sender, without a closing bracket. */
const domainOf = (from: string): string => /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'groundswell.invalid';

/** Equal messages have equal ids, so that a mail server or reader can tell repeats. */
export const mailOf = (message: Message, { from, to }: Pick<Email, 'from' | 'to'>, pipeline: string): Mail => ({
  from,
  to,
  subject: `[${message.severity}] ${message.title}`,
  text: `${message.text}\n\n-- \n${pipeline}, rule ${message.rule}\n`,
  messageId: `<${message.id}.${pipeline}@${domainOf(from)}>`,
  headers: {
    'X-Priority': priorities[message.severity],
    'Auto-Submitted': 'auto-generated',
    'X-Groundswell-Rule': message.rule,
  },
});
