import { createHash } from 'node:crypto';
import type { Webhook } from '@groundswell/graph';
import type { LogRecord, TopicPartition } from '@groundswell/stores';
import { contentOf } from '@groundswell/wire';

export type EventKind = Webhook['events'][number];

/** What a receiver gets. */
export interface Told {
  /** Of the record, so that one that comes twice can be told. */
  readonly id: string;
  readonly body: string;
}

interface Where {
  readonly kind: EventKind;
  readonly pipeline: string;
  readonly from: TopicPartition;
}

const idOf = ({ topic, partition }: TopicPartition, { offset, value }: LogRecord): string =>
  createHash('sha256')
    .update(`${topic}/${partition}/${offset}/`)
    .update(value ?? '')
    .digest('base64url')
    .slice(0, 22);

/** Predictions of variants that answer nobody are no news; of what a rollout records, its status is. */
const newsIn = (kind: EventKind, content: object): object | undefined => {
  if (kind === 'prediction') return (content as { readonly shadow: boolean }).shadow ? undefined : content;
  return kind === 'rollout' ? (content as { readonly status: object }).status : content;
};

/** Undefined for a record that nobody is told of. @throws Error for one that cannot be read */
export const toldOf = (record: LogRecord, { kind, pipeline, from }: Where): Told | undefined => {
  const content = contentOf(record) as object | undefined;
  const data = content === undefined ? undefined : newsIn(kind, content);
  if (data === undefined) return undefined;
  const timestamp = new Date(record.timestamp).toISOString();
  return { id: idOf(from, record), body: JSON.stringify({ type: kind, timestamp, pipeline, data }) };
};
